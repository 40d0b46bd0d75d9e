import { type EntitySpec, relationsOf } from '../entity-spec.js';
import type { Project } from '../project.js';

/** What a new row is given: values, and the ids of what it hangs on, which belongs to a person. */
export function inputFor(spec: EntitySpec, person: string): string {
  return requiredRelations(spec).length === 0 ? 'values' : `await inputFor(${person})`;
}

function requiredRelations(spec: EntitySpec) {
  return relationsOf(spec).filter(({ nullable }) => !nullable);
}

export function inputCode(spec: EntitySpec, project: Project): string {
  const relations = requiredRelations(spec);
  if (relations.length === 0) return '';
  const rows = relations.map(({ name, type }) => {
    const owner = project.isOwned(type) ? ', { owner: person }' : '';
    return `const ${name} = ${type === 'User' ? 'person' : `await api.row(${type}${owner})`};`;
  });
  const ids = relations.map(({ name }) => `${name}Id: ${name}.id`);
  const parameter = rows.some((row) => row.includes('person')) ? 'person' : '_person';
  return `async function inputFor(${parameter}: Person) {
      ${rows.join('\n')}
      return { ...values, ${ids.join(', ')} };
    }`;
}

export function spreadInput(spec: EntitySpec, client: string): string {
  const input = inputFor(spec, client);
  return input === 'values' ? input : `(${input})`;
}
