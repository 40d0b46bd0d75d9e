import type { EntitySpec } from '../entity-spec.js';
import { camel, spoken, withArticle } from '../names.js';
import { inputFor } from './test-input.js';

/** Of an entity whose rows belong to somebody. */
export function ownedTests(spec: EntitySpec): string {
  const { name, ownership } = spec;
  const noun = withArticle(spoken(name));
  return `test('whoever makes ${noun} may change and delete it', async () => {
      ${written(spec, 'uma')}
    });

    ${ownership.kind === 'through' ? notAdded(spec, ownership.relation) : ''}

    test.each([
      ['another person', () => other, 'NOT_FOUND'],
      ['an anonymous viewer', () => api.anonymous, 'UNAUTHENTICATED'],
    ])('%s can neither change nor delete it', async (_, viewer, code) => {
      const { id } = await api.row(${name}, { owner: uma });
      for (const mutation of [update, remove]) {
        const { errors } = await viewer().execute(mutation, { input: { id } });
        expect(errors?.map(({ extensions }) => extensions?.code)).toEqual([code]);
      }
    });

    test('whom it belongs to sees it, and staff, and nobody else', async () => {
      const { id } = await api.row(${name}, { owner: uma });
      expect((await uma.execute(node, { id })).data.node).toEqual({ id });
      expect((await staff.execute(node, { id })).data.node).toEqual({ id });
      expect((await other.execute(node, { id })).data.node).toBeNull();
      expect((await api.anonymous.execute(list)).status).toBe(401);
    });

    test('a list has the rows of the viewer, the newest first, page by page', async () => {
      const person = await api.person();
      const ids: string[] = [];
      for (let rows = 0; rows < 3; rows++) ids.unshift((await api.row(${name}, { owner: person })).id);
      await api.row(${name}, { owner: uma });
      ${pages(spec, 'person')}
      expect([...first.nodes, ...rest.nodes]).toEqual(ids.map((id) => ({ id })));
      expect(rest.pageInfo.hasNextPage).toBe(false);
    });`;
}

/** Of an entity whose rows are nobody's own. */
export function sharedTests(spec: EntitySpec): string {
  const { name } = spec;
  return `test('staff makes, changes and deletes ${withArticle(spoken(name))}', async () => {
      ${written(spec, 'staff')}
    });

    test.each([
      ['a person', () => uma, 'FORBIDDEN'],
      ['an anonymous viewer', () => api.anonymous, 'UNAUTHENTICATED'],
    ])('%s can neither make, change nor delete it', async (_, viewer, code) => {
      const { id } = await api.row(${name});
      const inputs = [[create, ${inputFor(spec, 'staff')}], [update, { id }], [remove, { id }]] as const;
      for (const [mutation, input] of inputs) {
        const { errors } = await viewer().execute(mutation, { input });
        expect(errors?.map(({ extensions }) => extensions?.code)).toEqual([code]);
      }
    });

    test('every person sees it, and nobody who is not signed in', async () => {
      const { id } = await api.row(${name});
      expect((await other.execute(node, { id })).data.node).toEqual({ id });
      expect((await api.anonymous.execute(list)).status).toBe(401);
    });

    test('a list has all rows, the newest first, page by page', async () => {
      const ids: string[] = [];
      for (let rows = 0; rows < 3; rows++) ids.unshift((await api.row(${name})).id);
      ${pages(spec, 'uma')}
      expect([...first.nodes, ...rest.nodes].slice(0, 3)).toEqual(ids.map((id) => ({ id })));
    });`;
}

function written(spec: EntitySpec, client: string): string {
  const { name } = spec;
  const row = camel(name);
  return `const created = await ${client}.execute(create, { input: ${inputFor(spec, client)} });
      expect(created.errors).toBeUndefined();
      const { id, ...kept } = created.data.create${name}.${row};
      expect(kept).toEqual(values);
      const changed = await ${client}.execute(update, { input: { id, ...changes } });
      expect(changed.data.update${name}.${row}).toEqual(changes);
      const same = await ${client}.execute(update, { input: { id } });
      expect(same.data.update${name}.${row}).toEqual(changes);
      expect((await ${client}.execute(remove, { input: { id } })).data.delete${name}).toEqual({ id });
      expect((await ${client}.execute(node, { id })).data.node).toBeNull();`;
}

function notAdded({ name }: EntitySpec, relation: string): string {
  return `test('${withArticle(spoken(name))} is not added to the ${spoken(relation)} of another person', async () => {
      const { errors } = await other.execute(create, { input: await inputFor(uma) });
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
    });`;
}

function pages({ plural }: EntitySpec, client: string): string {
  const field = camel(plural);
  return `const { data } = await ${client}.execute(list, { first: 2 });
      const { ${field}: first } = data;
      const after = first.pageInfo.endCursor;
      const { ${field}: rest } = (await ${client}.execute(list, { first: 100, after })).data;
      expect(first.nodes).toHaveLength(2);`;
}
