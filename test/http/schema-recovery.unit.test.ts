import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { forge, good } from '../auth/hostile-fixture.js';
import { asking, hostileServer } from '../auth/hostile-server.js';
import type { ProductionServer } from '../support/production-server.js';
import { type Probe, probesOf, trueNames, variableProbes } from './hostile/schema-probes.js';

const sdl = await readFile(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8');
const schema = buildSchema(sdl);
const NAMES = trueNames(schema);
const GUESSES = probesOf(schema);
const VARIABLES = variableProbes(schema);

const ANONYMOUS = { 'content-type': 'application/json' };
const PERSON = asking(good);
const MACHINE = asking(forge.clientToken());

let server: ProductionServer;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
beforeAll(async () => {
  server = await hostileServer({ LIMIT_REQUESTS: '1000000' });
});
afterAll(async () => {
  agent.destroy();
  await server.close();
});

type Headers = Readonly<Record<string, string>>;
type Method = 'GET' | 'POST';

async function ask(probe: Probe, headers: Headers = ANONYMOUS, method: Method = 'POST') {
  const { query } = probe;
  const path = method === 'GET' ? `/graphql?${new URLSearchParams({ query })}` : '/graphql';
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  request({ agent, port: server.port, host: '127.0.0.1', method, path, headers })
    .on('response', (response) => {
      const { statusCode: status = 0 } = response;
      text(response).then((text) => resolve({ status, text }), reject);
    })
    .on('error', reject)
    .end(method === 'GET' ? undefined : JSON.stringify(probe));
  return promise;
}

/** What in errors is spelt like a name and is none. */
const PLAIN = [
  // A reason that README.md lists, and a scope of Cognito's.
  /"reason":"profile"|aws\.cognito\.signin\.user\.admin/g,
  // Keys of every error.
  /"(?:code|column|errors|extensions|hint|line|locations|message|path|reason|requestId)":/g,
  // Names are put in quotes, by graphql-js and by us. The nouns are what it speaks of, and a team may name a field so.
  /(?<![\w"'`.@$[(])(?:argument|directive|field|fragment|object|query|selection|type|value|variable)s?(?!\w)/g,
  // "not defined by", "must name a change", "the user pool", "accounts could not be read".
  /(?<![\w"'`.@$[(])(?:accounts|by|name|user)(?!\w)/g,
];

/** True names in an answer, apart from the data that was asked for, that were not in what was asked. */
function recovered({ query, variables }: Probe, answer: string): string[] {
  const asked = new Set(`${query} ${JSON.stringify(variables)}`.match(/\w+/g));
  const { data: _data, ...told } = JSON.parse(answer);
  const plain = PLAIN.reduce((rest, words) => rest.replace(words, ' '), JSON.stringify(told));
  const words = plain.replace(/\\[a-z]/g, ' ').match(/\w+/g) ?? [];
  return words.filter((word) => NAMES.has(word) && !asked.has(word));
}

async function recoveredBy(probes: readonly Probe[], headers: Headers, method?: Method) {
  let refused = 0;
  const found = await Promise.all(
    probes.map(async (probe) => {
      const { status, text } = await ask(probe, headers, method);
      if (status >= 400) refused++;
      const names = status < 500 ? recovered(probe, text) : [String(status)];
      return names.map((name) => `${probe.query}: ${name}`);
    }),
  );
  // A name that is right in its place is no guess: the answer is then that of any query.
  expect(refused).toBeGreaterThanOrEqual(probes.length - 10);
  return found.flat();
}

test('more than 1,900 guesses are made, near every name of the schema', () => {
  expect(NAMES.size).toBeGreaterThan(300);
  expect(GUESSES.length).toBeGreaterThan(1_900);
  expect(VARIABLES.length).toBeGreaterThan(30);
});

test.each([
  ['an anonymous prober', ANONYMOUS],
  ['a signed-in person without a role', PERSON],
  ['a machine client', MACHINE],
])('%s learns no name of the schema', async (_who, headers) => {
  expect(await recoveredBy(GUESSES, headers)).toEqual([]);
  expect(await recoveredBy(VARIABLES, headers)).toEqual([]);
});

test('nor is one learnt by GET', async () => {
  const queries = GUESSES.filter(({ query }) => !query.startsWith('mutation'));
  expect(await recoveredBy(queries, ANONYMOUS, 'GET')).toEqual([]);
});

test('what the prober writes is named, so that a mistake can be found', async () => {
  const { text } = await ask({ query: '{ me { profil } }' });
  const [error] = JSON.parse(text).errors;
  expect(error.message).toBe('Cannot query field "profil" on type "…".');
  expect(error.locations).toEqual([{ line: 1, column: 8 }]);
});

test('comments and texts are no use of a name', async () => {
  const query = '# User\n{ me { profil } node(id: "User") { id } }';
  expect((await ask({ query })).text).not.toContain('type \\"User\\"');
});

test('in a document that names it, a type is named', async () => {
  const query = '{ ...F } fragment F on User { profil }';
  expect((await ask({ query })).text).toContain('on type \\"User\\"');
});
