import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdminAddUserToGroupCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { apiSchema } from '../src/app.js';
import { readConfig } from '../src/config.js';
import {
  type AccessRow,
  accessMatrix,
  printAccessMatrix,
  type ViewerClass,
} from '../src/graphql/access-matrix.js';
import { type Client, startApi, type TestApi } from './support/api.js';
import { executeAccessMatrix, type Probe, type Step } from './support/execute-access-matrix.js';
import { machineToken } from './support/pool-token.js';

const schema = apiSchema(readConfig({}));
const NOBODY = '0192f0c1-0000-7000-8000-000000000000';

interface Person {
  readonly id: string;
  readonly subject: string;
}

let api: TestApi;
let clients: Record<ViewerClass, Client>;
let uma: Person;
let other: Person;
let auditEventId: string;

beforeAll(async () => {
  api = await startApi({
    environment: { ROLE_GROUPS: 'ADMIN:admin,SUPPORT:support,MEMBER:member' },
  });
  await completeAttributes('uma', 'grace.chen');
  // So that there is a walk to see.
  await api.server.app.orm.em
    .fork()
    .execute("update pool_sweep set phase = 'USERS', started_at = now(), groups_read_at = now()");
  await api.server.app.orm.em.fork().execute('delete from pool_profile');
  const pool = { UserPoolId: api.poolId, GroupName: 'member' };
  await api.cognito.send(new CreateGroupCommand(pool));
  await api.cognito.send(new AdminAddUserToGroupCommand({ ...pool, Username: 'liam.chen' }));
  clients = await signedIn();
  uma = await self(clients.person);
  const grace = await api.as('grace.chen@example.com');
  other = await self(grace);
  auditEventId = await someAuditEvent(other.id);
  await addSessions(uma.id, other.id);
  await addDeletions(uma.id, other.id);
});
afterAll(() => api.close());

async function signedIn(): Promise<Record<ViewerClass, Client>> {
  const person = await api.as('uma@example.com');
  return {
    anonymous: api.anonymous,
    person,
    owner: person,
    MEMBER: await api.as('liam.chen@example.com'),
    SUPPORT: await api.as('sam@example.com'),
    ADMIN: await api.as('ada@example.com'),
    client: api.withToken(await machineToken(api, ['unheard/of'])),
  };
}

/** Gives every attribute that a field shows, so that null can only come from a rule. */
async function completeAttributes(...usernames: readonly string[]): Promise<void> {
  const attributes = {
    nickname: 'Nick',
    preferred_username: 'nick',
    website: 'https://example.com/',
    zoneinfo: 'Europe/Lisbon',
    phone_number: '+351210000000',
  };
  for (const Username of usernames) {
    const own = { ...attributes, preferred_username: `${Username}-preferred` };
    await api.cognito.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: api.poolId,
        Username,
        UserAttributes: Object.entries(own).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
  }
}

async function self(client: Client): Promise<Person> {
  const { data } = await client.execute('{ me { id identities { subject } } }');
  return { id: data.me.id, subject: data.me.identities[0].subject };
}

/** Sessions that have a value for each field, and that no token is of. */
async function addSessions(...userIds: readonly string[]): Promise<void> {
  await api.server.app.orm.em.fork().execute(
    `insert into session (id, created_at, updated_at, user_id, identity_id, pool_id, origin_jti, client_id,
                          first_seen_at, last_seen_at, network, user_agent, ended_at)
     select gen_random_uuid(), now(), now(), user_id, id, pool_id, id::text, 'client', now(),
            now() + interval '1 day', '192.0.2.0/24', 'agent', now()
     from identity where user_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [JSON.stringify(userIds)],
  );
}

/** Wishes that nothing comes of here: they are due in a year. */
async function addDeletions(...userIds: readonly string[]): Promise<void> {
  await api.server.app.orm.em.fork().execute(
    `insert into account_deletion (id, created_at, updated_at, user_id, due_at, try_at)
     select gen_random_uuid(), now(), now(), id, now() + interval '1 year', now() + interval '1 year'
     from app_user where id in (select jsonb_array_elements_text(?::jsonb)::uuid)
     on conflict (user_id) do nothing`,
    [JSON.stringify(userIds)],
  );
}

/** The event of an action that changed nothing: the person was enabled before. */
async function someAuditEvent(id: string): Promise<string> {
  const { ADMIN } = clients;
  await ADMIN.execute(
    'mutation ($input: EnableUserInput!) { enableUser(input: $input) { user { id } } }',
    { input: { id, reason: 'for the trail' } },
  );
  const { data } = await ADMIN.execute('{ auditLog(last: 1) { nodes { id reason } } }');
  return data.auditLog.nodes[0].id;
}

test('what schema/access.md says of every operation and field is what the server does', async () => {
  const committed = await readFile(new URL('../../schema/access.md', import.meta.url), 'utf8');
  const observed = await executeAccessMatrix({
    schema,
    rows: accessMatrix(schema),
    probe,
    execute: async (viewerClass, { query, variables }) => {
      const answer = await clients[viewerClass].execute(query, variables);
      // Whoever could sign out comes back for the next question.
      if (/\{ signOut(?:Everywhere)? /.test(query)) clients = await signedIn();
      if (/\{ cancelAccountDeletion /.test(query)) await addDeletions(uma.id);
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

  const rows = accessMatrix(schema).filter(
    ({ kind, access }) => kind === 'operation' && access.person === 'no' && access.ADMIN === 'yes',
  );
  expect(
    rows.filter(({ coordinate }) => coordinate.startsWith('Mutation.')).length,
  ).toBeGreaterThan(2);
  const observed = await executeAccessMatrix({
    schema,
    rows,
    probe,
    execute: (_viewerClass, { query, variables }) => demoted.execute(query, variables),
  });
  expect(observed.map(({ coordinate, access }) => [coordinate, access.ADMIN])).toEqual(
    rows.map(({ coordinate }) => [coordinate, 'no']),
  );
});

/** Asks about somebody else, but as the owner, who asks about herself. */
function probe({ kind, coordinate }: AccessRow, viewerClass: ViewerClass): Probe {
  const [type = '', field = ''] = coordinate.split(/[.(]/);
  if (kind === 'input field' || kind === 'enum value') return probeOfInput(kind, field);
  const whom = viewerClass === 'owner' ? uma : other;
  if (kind === 'operation') return probeOfOperation(type, field, whom);
  const user: Step = { field: 'node', args: { id: whom.id } };
  switch (type) {
    case 'User':
      return { steps: [user, { field, on: 'User' }] };
    case 'Profile':
      return { steps: [user, { field: 'profile', on: 'User' }, { field }] };
    case 'Identity':
      return { steps: [user, { field: 'account', on: 'User' }, { field }] };
    case 'AuditEvent':
      return {
        steps: [
          { field: 'node', args: { id: auditEventId } },
          { field, on: 'AuditEvent' },
        ],
        nullIsTheAnswer: ['code', 'targetGroup', 'operator', 'changes'].includes(field),
      };
    case 'Group':
      return {
        steps: [{ field: 'groups' }, { field }],
        nullIsTheAnswer: ['description', 'precedence'].includes(field),
      };
    case 'AuditEventConnection':
      return { steps: [{ field: 'auditLog' }, { field }] };
    case 'PoolDrift':
      return { steps: [{ field: 'poolDrift' }, { field }] };
    case 'PoolWalk':
      return { steps: [{ field: 'poolDrift' }, { field: 'walk' }, { field }] };
    case 'CompletedPoolWalk':
      return { steps: [{ field: 'poolDrift' }, { field: 'lastWalk' }, { field }] };
    case 'PoolCalls':
      return { steps: [{ field: 'poolCalls' }, { field }] };
    case 'Session':
      return { steps: [user, { field: 'sessions', on: 'User' }, { field }] };
    case 'UserConnection':
      return { steps: [{ field: 'users' }, { field }] };
    case 'Viewer':
      return {
        steps: [{ field: 'viewer' }, { field }],
        nullIsTheAnswer: ['user', 'sessions'].includes(field) && viewerClass === 'client',
      };
    default:
      throw new Error(`Say how to ask for ${coordinate}.`);
  }
}

/** Values that a guarded input of `users` takes. */
const FILTERS: Readonly<Record<string, unknown>> = {
  email: 'nobody@example.com',
  emailVerified: true,
  enabled: true,
  group: 'admin',
  lastSeenAfter: '2026-01-01T00:00:00.000Z',
  lastSeenBefore: '2026-01-01T00:00:00.000Z',
  name: 'nobody',
  phoneNumber: '+351210000000',
  status: 'CONFIRMED',
  username: 'nobody',
};

function probeOfInput(kind: 'input field' | 'enum value', name: string): Probe {
  const args =
    kind === 'input field'
      ? { filter: { [name]: FILTERS[name] } }
      : { orderBy: { field: name, direction: 'ASC' } };
  return { steps: [{ field: 'users', args }] };
}

/** To nobody and to groups that are not there, so that asking again and again does nothing. */
const REASON = { reason: 'to see who may' };
const TO_NOBODY = { id: NOBODY, ...REASON };
const TO_NO_GROUP = { name: 'not there', ...REASON };
const TO_NONE = { ids: [], ...REASON };
const BACK_OFFICE: Readonly<Record<string, object>> = {
  cancelUserDeletion: TO_NOBODY,
  addUserToGroup: { ...TO_NOBODY, group: 'nobodies' },
  addUsersToGroup: { ...TO_NONE, group: 'nobodies' },
  createGroup: TO_NO_GROUP,
  deleteGroup: TO_NO_GROUP,
  deleteUser: TO_NOBODY,
  deleteUsers: TO_NONE,
  disableUser: TO_NOBODY,
  disableUsers: TO_NONE,
  enableUser: TO_NOBODY,
  enableUsers: TO_NONE,
  endSession: TO_NOBODY,
  inviteUser: REASON,
  inviteUsers: { users: [], ...REASON },
  removeUserFromGroup: { ...TO_NOBODY, group: 'nobodies' },
  removeUsersFromGroup: { ...TO_NONE, group: 'nobodies' },
  resendInvitation: TO_NOBODY,
  resetUserPassword: TO_NOBODY,
  setTemporaryPassword: { ...TO_NOBODY, password: 'Temporary1!' },
  signOutUser: TO_NOBODY,
  updateGroup: TO_NO_GROUP,
  updateUserAttributes: { ...TO_NOBODY, attributes: [{ name: 'name', value: 'Nobody' }] },
};

function probeOfOperation(type: string, field: string, whom: Person): Probe {
  const backOffice = BACK_OFFICE[field];
  const args = {
    user: { id: whom.id },
    userBySubject: { subject: whom.subject },
    node: { id: whom.id },
    ...(backOffice && { [field]: { input: backOffice } }),
    // Nothing, so that the pool is not asked.
    updateMyProfile: { input: {} },
    deleteMyAccount: { input: { dryRun: true } },
  }[field];
  const root = type === 'Mutation' ? 'Mutation' : 'Query';
  return { root, steps: [{ field, ...(args && { args }) }] };
}
