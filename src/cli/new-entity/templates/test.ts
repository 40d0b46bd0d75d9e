import { type EntitySpec, parentsOf, relationsOf } from '../entity-spec.js';
import { fieldCode } from '../field-code.js';
import { camel, kebab, spoken } from '../names.js';
import type { Project } from '../project.js';
import { ownedTests, sharedTests } from './owned-tests.js';
import { relatedField } from './resolver.js';
import { inputCode, spreadInput } from './test-input.js';

/** The tests of the entity, through the public door. */
export function testFile(spec: EntitySpec, project: Project): string {
  const values = spec.fields.filter(({ kind }) => kind !== 'relation');
  const sampled = (index: 0 | 1) =>
    values.map((field) => `${field.name}: ${fieldCode(field).samples[index]},`).join('\n');
  const body = spec.ownership.kind === 'nobody' ? sharedTests(spec) : ownedTests(spec);
  return `import { afterAll, beforeAll, expect, test } from '@jest/globals';
    ${entityImports(spec, project).join('\n')}
    import { type Person, startApi, type TestApi } from '../support/api.js';

    let api: TestApi;
    let uma: Person;
    let other: Person;
    let staff: Person;

    beforeAll(async () => {
      api = await startApi();
      uma = await api.person();
      other = await api.person();
      staff = await api.as({ groups: ['support'] });
    });
    afterAll(() => api.close());

    const values = { ${sampled(0)} };
    const changes = { ${sampled(1)} };

    ${operations(spec)}

    ${inputCode(spec, project)}

    ${body}

    ${refusedInputs(spec)}

    ${parentsOf(spec)
      .map((parent) => relatedTest(spec, project, parent))
      .join('\n\n')}
    `;
}

/** GraphQL keeps the space that it is written with. */
function operations(spec: EntitySpec): string {
  const { name, plural } = spec;
  const row = camel(name);
  const fields = spec.fields.filter(({ kind }) => kind !== 'relation').map((field) => field.name);
  const mutation = (action: string, selection: string) => {
    const called = `${action.toLowerCase()}${name}`;
    return `/* GraphQL */ \`
  mutation ($input: ${action}${name}Input!) {
    ${called}(input: $input) { ${selection} }
  }
\``;
  };
  return `const create = ${mutation('Create', `${row} { id ${fields.join(' ')} }`)};
const update = ${mutation('Update', `${row} { ${fields.join(' ')} }`)};
const remove = ${mutation('Delete', 'id')};
const node = 'query ($id: ID!) { node(id: $id) { id } }';
const list = /* GraphQL */ \`
  query ($first: Int, $after: String) {
    ${camel(plural)}(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
  }
\`;`;
}

function entityImports(spec: EntitySpec, project: Project): readonly string[] {
  const own = `import { ${spec.name} } from '../../src/features/${kebab(spec.plural)}/${kebab(spec.name)}.entity.js';`;
  const types = new Set(relationsOf(spec).map(({ type }) => type));
  types.delete(spec.name);
  // A person is made by the harness.
  types.delete('User');
  return [
    own,
    ...[...types].map(
      (type) => `import { ${type} } from '../../src/${project.moduleOf(type) ?? ''}';`,
    ),
  ];
}

function refusedInputs(spec: EntitySpec): string {
  const refused = spec.fields.flatMap((field) => {
    const { bad } = fieldCode(field);
    return bad ? [`['${field.name}', ${bad.value}, '${bad.rule}'],`] : [];
  });
  if (refused.length === 0) return '';
  const client = spec.ownership.kind === 'nobody' ? 'staff' : 'uma';
  return `test.each([
      ${refused.join('\n')}
    ])('an input that breaks its rule is refused by its name: %s', async (name, value, rule) => {
      const input = { ...${spreadInput(spec, client)}, [name]: value };
      const { errors } = await ${client}.execute(create, { input });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'input' });
      expect(errors?.[0]?.message).toContain(\`The input \\\`\${name}\\\` \${rule}\`);
    });`;
}

/** Empty where no list of the parents is known. */
function relatedTest(
  spec: EntitySpec,
  project: Project,
  parent: { readonly name: string; readonly type: string },
): string {
  const lists = project.listOf(parent.type);
  if (lists === undefined || parent.type === spec.name) return '';
  const field = relatedField(spec, parent);
  const isPerson = parent.type === 'User';
  const owner = project.isOwned(parent.type) && !isPerson ? ', { owner: uma }' : '';
  const made = isPerson ? 'await api.person()' : `await api.row(${parent.type}${owner})`;
  const isOwner = isPerson && parent.name === 'user' && spec.ownership.kind === 'person';
  const given = isOwner ? 'owner: parent' : `${parent.name}: parent`;
  return `test('${spoken(spec.plural)} are read for many at once, by ${spoken(parent.name)}', async () => {
      for (let parents = 0; parents < 5; parents++) {
        const parent = ${made};
        for (let rows = 0; rows < 3; rows++) await api.row(${spec.name}, { ${given} });
      }
      const counts = [];
      for (const first of [1, 5]) {
        const { sql } = await api.count(async () => {
          const { data, errors } = await staff.execute(
            'query ($first: Int) { ${lists}(first: $first) { nodes { ${field}(first: 2) { nodes { id } totalCount } } } }',
            { first },
          );
          expect(errors).toBeUndefined();
          expect(data.${lists}.nodes).toHaveLength(first);
        });
        counts.push(sql.length);
      }
      expect(counts[1]).toBe(counts[0]);
    });`;
}
