import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { good } from '../auth/hostile-fixture.js';
import { asking, hostileServer } from '../auth/hostile-server.js';
import type { ProductionServer } from '../support/production-server.js';
import { type Probe, probesOf, trueNames, variableProbes } from './hostile/schema-probes.js';

const sdl = await readFile(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8');
const schema = buildSchema(sdl);
const { types, members } = trueNames(schema);

let server: ProductionServer;
beforeAll(async () => {
  server = await hostileServer({ LIMIT_REQUESTS: '1000000' });
});
afterAll(() => server.close());

const ANONYMOUS = { 'content-type': 'application/json' };

async function ask({ query, variables }: Probe, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, text: await response.text() };
}

/** True names in what an answer says that were not in what was asked. */
function recovered({ query, variables }: Probe, text: string): string[] {
  const asked = new Set(`${query} ${JSON.stringify(variables)}`.match(/\w+/g));
  const { errors = [] } = JSON.parse(text);
  return errors.flatMap(({ message, extensions }: { message: string; extensions: object }) => {
    const told = `${message} ${JSON.stringify(extensions)}`.match(/\w+/g) ?? [];
    const quoted = [...message.matchAll(/["'`.@$[(](\w+)/g)].map(([, name = '']) => name);
    return [
      ...told.filter((word) => types.has(word)),
      ...quoted.filter((word) => members.has(word)),
    ].filter((name) => !asked.has(name));
  });
}

async function recoveredBy(probes: readonly Probe[], headers: Readonly<Record<string, string>>) {
  const found: string[] = [];
  for (const probe of probes) {
    const { status, text } = await ask(probe, headers);
    // A name that is right is no longer a guess: the answer is then that of any query.
    if (status >= 500) found.push(`${probe.query}: ${status}`);
    for (const name of recovered(probe, text)) found.push(`${probe.query}: ${name}`);
  }
  return found;
}

const GUESSES = probesOf(schema);
const VARIABLES = variableProbes(schema);

test('more than 1,000 guesses are made, near every name of the schema', () => {
  expect(types.size + members.size).toBeGreaterThan(300);
  expect(GUESSES.length).toBeGreaterThan(1_000);
  expect(VARIABLES.length).toBeGreaterThan(30);
});

test('an anonymous prober learns no name of the schema', async () => {
  expect(await recoveredBy(GUESSES, ANONYMOUS)).toEqual([]);
});

test('a signed-in person without a role learns none by variables that do not fit', async () => {
  expect(await recoveredBy(VARIABLES, asking(good))).toEqual([]);
});

test('what the prober writes is named, so that a mistake can be found', async () => {
  const { text } = await ask({ query: '{ me { profil } }' }, ANONYMOUS);
  const [error] = JSON.parse(text).errors;
  expect(error.message).toBe('Cannot query field "profil" on type "…".');
  expect(error.locations).toEqual([{ line: 1, column: 8 }]);
});

test('comments and texts are no use of a name', async () => {
  const query = '# User\n{ me { profil } node(id: "User") { id } }';
  expect((await ask({ query }, ANONYMOUS)).text).not.toContain('type \\"User\\"');
});

test('in a document that names it, a type is named', async () => {
  const query = '{ ...F } fragment F on User { profil }';
  expect((await ask({ query }, ANONYMOUS)).text).toContain('on type \\"User\\"');
});
