import { attributes, type Fragment, type Html, html } from '../../html.js';
import { pageFor } from '../authorization-request.js';
import type { Visit } from '../visit.js';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: string | undefined;
  readonly autocomplete: string;
  readonly hint?: string | undefined;
  /** By default it has to be filled in. */
  readonly optional?: boolean;
  readonly readonly?: boolean;
  readonly inputmode?: string;
}

export interface Form {
  readonly path: string;
  readonly submit: string;
  readonly fields: readonly (Field | Html)[];
  /** Further buttons of the form. */
  readonly others?: Fragment;
}

/** A form of a page, with what went wrong with it before, or what happened until now. */
export function form(visit: Visit, { path, submit, fields, others }: Form): Html {
  const begin = beginning(visit, fields);
  const content = fields.map((part) =>
    isField(part) ? fieldOf(visit, part, { isFirst: part === begin }) : part,
  );
  return html`${messages(visit)}<form method="post" action="${pageFor(path, visit.request.parameters)}">
<input type="hidden" name="_csrf" value="${visit.csrf}">
${content}<button type="submit">${submit}</button>
${others}</form>
`;
}

function messages({ error, notice }: Visit): Fragment {
  if (error !== undefined)
    return html`<div class="message error" role="alert" id="error">${error.message}</div>
`;
  return (
    notice !== undefined &&
    html`<div class="message notice" role="status">${notice}</div>
`
  );
}

function isField(part: Field | Html): part is Field {
  return 'label' in part;
}

/** Where typing begins: at what has to be entered anew, or is not filled in yet. */
function beginning(visit: Visit, parts: readonly (Field | Html)[]): Field | undefined {
  const fields = parts.filter(isField);
  return (
    fields.find(({ name }) => name === visit.error?.field) ??
    fields.find((field) => !field.readonly && !sentValue(visit, field))
  );
}

/** As it was sent, but for passwords. */
function sentValue({ sent }: Visit, { name, type }: Field): string | undefined {
  return type === 'password' ? undefined : sent.get(name);
}

function fieldOf(visit: Visit, field: Field, { isFirst }: { readonly isFirst: boolean }): Html {
  const { name, label, hint, optional = false } = field;
  const id = `field-${name}`;
  const isFaulty = visit.error?.field === name;
  const described = [...(isFaulty ? ['error'] : []), ...(hint === undefined ? [] : [`${id}-hint`])];
  const input = attributes({
    id,
    name,
    type: field.type ?? 'text',
    autocomplete: field.autocomplete,
    value: sentValue(visit, field),
    inputmode: field.inputmode,
    readonly: field.readonly,
    required: !optional,
    autofocus: isFirst,
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-invalid': isFaulty && 'true',
    'aria-describedby': described.length > 0 && described.join(' '),
  });
  return html`<div class="field">
<label for="${id}">${label}${optional && html` <span class="optional">(optional)</span>`}</label>
${hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`}
<input${input}>
</div>
`;
}

/** Ways to other pages of the same request. */
export function links({ request }: Visit, targets: Readonly<Record<string, string>>): Html {
  const items = Object.entries(targets).map(
    ([path, text]) => html`<li><a href="${pageFor(path, request.parameters)}">${text}</a></li>
`,
  );
  return html`<nav aria-label="Other pages"><ul>
${items}</ul></nav>
`;
}
