import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdminAddUserToGroupCommand,
  AdminRemoveUserFromGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { apiSchema } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { AuditDetail } from '../src/features/audit-log/audit-detail.entity.js';
import { entities } from '../src/features.js';
import { accessMatrix, printAccessMatrix, type ViewerClass } from '../src/graphql/access-matrix.js';
import { startApi, type TestApi } from './support/api.js';
import { executeAccessMatrix } from './support/execute-access-matrix.js';
import { MatrixViewers, probedPeople } from './support/matrix-viewers.js';
import { ProbedRows } from './support/probed-rows.js';
import { Probes } from './support/probes.js';

const schema = apiSchema(readConfig({}));
const matrix = accessMatrix(schema);

let api: TestApi;
let people: ProbedRows['people'];
let viewers: MatrixViewers;
let probes: Probes;

beforeAll(async () => {
  api = await startApi({
    environment: { ROLE_GROUPS: 'ADMIN:admin,SUPPORT:support,MEMBER:member' },
  });
  // So that there is a walk to see.
  await api.server.app.orm.em
    .fork()
    .execute("update pool_sweep set phase = 'USERS', started_at = now(), groups_read_at = now()");
  people = await probedPeople(api);
  await addDeletions();
  viewers = new MatrixViewers(api, schema, people);
  const rows = new ProbedRows(api, schema, people);
  const event = { id: await rows.idOf('AuditEvent', 'other') };
  await api.row(AuditDetail, { event }, 'every');
  probes = new Probes({ schema, matrix, rows, nullIsTheAnswer });
});
afterAll(() => api.close());

/** Wishes that nothing comes of here: they are due in a year. */
async function addDeletions(): Promise<void> {
  if (!entities.some(({ name }) => name === 'AccountDeletion')) return;
  await api.server.app.orm.em.fork().execute(
    `insert into account_deletion (id, created_at, updated_at, user_id, due_at, try_at)
     select gen_random_uuid(), now(), now(), id, now() + interval '1 year', now() + interval '1 year'
     from app_user where id in (?, ?) on conflict (user_id) do nothing`,
    [people.own.id, people.other.id],
  );
}

/** What is null for other reasons than a rule, which no row of an entity can mend. */
function nullIsTheAnswer(coordinate: string, viewerClass: ViewerClass): boolean {
  const [type, field = ''] = coordinate.split('.');
  switch (type) {
    case 'AuditEvent':
      return ['actor', 'target', 'changes'].includes(field);
    case 'Group':
      return ['description', 'precedence'].includes(field);
    case 'Viewer':
      return ['user', 'sessions'].includes(field) && viewerClass === 'client';
    default:
      return false;
  }
}

test('what schema/access.md says of every operation and field is what the server does', async () => {
  const committed = await readFile(new URL('../../schema/access.md', import.meta.url), 'utf8');
  const observed = await executeAccessMatrix({
    schema,
    rows: matrix,
    probe: (row, viewerClass) => probes.of(row, viewerClass),
    execute: async (viewerClass, request) => {
      const answer = await viewers.execute(viewerClass, request);
      if (/cancel\w+Deletion/.test(request.query)) await addDeletions();
      return answer;
    },
  });
  expect(observed.length).toBeGreaterThan(50);
  expect(printAccessMatrix(observed)).toBe(committed);
});

test('a demoted admin, whose token still says admin, is refused whatever a person without a role is', async () => {
  const group = { UserPoolId: api.poolId, GroupName: 'admin', Username: 'mei.chen' };
  await api.cognito.send(new AdminAddUserToGroupCommand(group));
  const demoted = await api.as('mei.chen@example.com');
  const viewer = '{ viewer { roles groups } }';
  expect((await demoted.execute(viewer)).data.viewer).toEqual({
    roles: ['ADMIN'],
    groups: ['admin'],
  });
  await api.cognito.send(new AdminRemoveUserFromGroupCommand(group));
  await sleep(1_000);
  await demoted.execute('mutation { refreshMyProfile { user { id } } }');
  expect((await demoted.execute(viewer)).data.viewer).toEqual({ roles: [], groups: ['admin'] });

  const rows = matrix.filter(
    ({ kind, access }) => kind === 'operation' && access.person === 'no' && access.ADMIN === 'yes',
  );
  expect(
    rows.filter(({ coordinate }) => coordinate.startsWith('Mutation.')).length,
  ).toBeGreaterThan(2);
  const observed = await executeAccessMatrix({
    schema,
    rows,
    probe: (row, viewerClass) => probes.of(row, viewerClass),
    execute: (_viewerClass, { query, variables }) => demoted.execute(query, variables),
  });
  expect(observed.map(({ coordinate, access }) => [coordinate, access.ADMIN])).toEqual(
    rows.map(({ coordinate }) => [coordinate, 'no']),
  );
});
