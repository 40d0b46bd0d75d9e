import { attributes, type Fragment, type Html, html } from '../../html.js';
import { pageFor } from '../authorization-request.js';
import type { Visit } from '../visit.js';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: string | undefined;
  readonly autocomplete: string;
  readonly value?: string | undefined;
  readonly hint?: string | undefined;
  /** By default it has to be filled in. */
  readonly optional?: boolean;
  readonly inputmode?: string;
  /** Where typing begins: the first field, or the one that is to be mended. */
  readonly autofocus?: boolean;
  /** What an error on the page is about. */
  readonly faulty?: boolean;
}

export function field(given: Field): Html {
  const { name, label, hint, optional = false, autofocus = false, faulty = false } = given;
  const id = `field-${name}`;
  const described = [...(faulty ? ['error'] : []), ...(hint === undefined ? [] : [`${id}-hint`])];
  const input = attributes({
    id,
    name,
    type: given.type ?? 'text',
    autocomplete: given.autocomplete,
    value: given.value,
    inputmode: given.inputmode,
    required: !optional,
    autofocus,
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-invalid': faulty && 'true',
    'aria-describedby': described.length > 0 && described.join(' '),
  });
  return html`<div class="field">
<label for="${id}">${label}${optional && html` <span class="optional">(optional)</span>`}</label>
${hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`}
<input${input}>
</div>
`;
}

export interface Form {
  readonly path: string;
  readonly submit: string;
  readonly fields: Fragment;
  /** Further buttons of the form. */
  readonly others?: Fragment;
}

/** A form of a page, with what went wrong with it before, or what happened until now. */
export function form(visit: Visit, { path, submit, fields, others }: Form): Html {
  return html`${messages(visit)}<form method="post" action="${pageFor(path, visit.request.parameters)}">
<input type="hidden" name="_csrf" value="${visit.csrf}">
${fields}<button type="submit">${submit}</button>
${others}</form>
`;
}

function messages({ error, notice }: Visit): Fragment {
  if (error !== undefined)
    return html`<div class="message error" role="alert" id="error">${error}</div>
`;
  return (
    notice !== undefined &&
    html`<div class="message notice" role="status">${notice}</div>
`
  );
}

/** Ways to other pages of the same request. */
export function links(visit: Visit, targets: Readonly<Record<string, string>>): Html {
  const items = Object.entries(targets).map(
    ([path, text]) => html`<li><a href="${pageFor(path, visit.request.parameters)}">${text}</a></li>
`,
  );
  return html`<nav aria-label="Other pages"><ul>
${items}</ul></nav>
`;
}
