/** Markup that may be sent: all that was put into it is escaped. Only `html` makes it. */
class Markup {
  constructor(readonly text: string) {}
}
export type Html = Markup;

/** What can be put into markup; nothing is written for undefined and false. */
export type Fragment = Html | string | number | undefined | false | readonly Fragment[];

/** Tag of a template: every value is escaped, for text and for attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  const text = strings.map((part, index) => part + markupOf(values[index])).join('');
  return new Markup(text);
}

/** Attributes of an element; one that is true stands without a value, one that is undefined or false is left out. */
export function attributes(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): Html {
  const given = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== false,
  );
  const text = given.map(([name, value]) =>
    value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`,
  );
  return new Markup(text.join(''));
}

function markupOf(value: Fragment): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(markupOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
