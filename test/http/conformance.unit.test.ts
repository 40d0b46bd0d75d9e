import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Audit, serverAudits } from 'graphql-http';
import { hostileServer } from '../auth/hostile-server.js';
import type { ProductionServer } from '../support/production-server.js';

/** What is recommended and not followed; `docs/conformance.md` says why. */
const NOT_FOLLOWED: Readonly<Record<string, string>> = {
  '5A70': 'notice: Response status code is not 200',
  D6D5: 'notice: Response status code is not 200',
  '6A70': 'notice: Response status code is not 200',
  '572B': 'warn: Response status code is not 200',
  FDE2: 'warn: Response status code is not 200',
  '7B9B': 'warn: Response status code is not 200',
};

/** They ask by introspection, which production limits refuse. */
const BY_INTROSPECTION = ['BF61', '2EA1', '28B9', 'D6D5', '6A70'];

async function resultOf({ fn }: Audit): Promise<string> {
  const result = await fn();
  return result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`;
}

let server: ProductionServer;
const audits = serverAudits({ url: () => `http://127.0.0.1:${server.port}/graphql` });

describe.each([
  ['in development', { NODE_ENV: 'development' }, audits],
  ['under production limits', {}, audits.filter(({ id }) => !BY_INTROSPECTION.includes(id))],
])('GraphQL over HTTP, %s:', (_mode, environment, audited) => {
  beforeAll(async () => {
    server = await hostileServer(environment);
  });
  afterAll(() => server.close());

  test.each(audited.map((audit) => [`${audit.name} (${audit.id})`, audit] as const))(
    '%s',
    async (_name, audit) => {
      expect(await resultOf(audit)).toBe(NOT_FOLLOWED[audit.id] ?? 'ok');
    },
  );
});

test('what is not followed is no requirement, and there are audits of every level', () => {
  const requirements = audits.filter(({ id }) => id in NOT_FOLLOWED).map(({ name }) => name);
  expect(requirements).toHaveLength(6);
  for (const name of requirements) expect(name).not.toMatch(/^MUST/);
  for (const level of ['MUST', 'SHOULD', 'MAY'])
    expect(audits.some(({ name }) => name.startsWith(level))).toBe(true);
});
