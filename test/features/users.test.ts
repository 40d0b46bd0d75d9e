import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let ada: Client;
let uma: Client;

beforeAll(async () => {
  api = await startApi();
  ada = await api.as('ada@example.com');
  uma = await api.as('uma@example.com');
});
afterAll(() => api.close());

const page = /* GraphQL */ `
  query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: UserOrder) {
    users(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
      nodes { id }
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

const idsOf = (users: { nodes: { id: string }[] }) => users.nodes.map(({ id }) => id);

/** Every user's id, in the default order. */
async function allIds(): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const { data } = await ada.execute(page, { first: 60, after });
    ids.push(...idsOf(data.users));
    after = data.users.pageInfo.hasNextPage ? data.users.pageInfo.endCursor : null;
  } while (after !== null);
  return ids;
}

describe('me and viewer', () => {
  test('a person sees their own profile, account and identities', async () => {
    const { status, data, errors } = await uma.execute(/* GraphQL */ `{
      me {
        id
        createdAt
        profile { name stale syncedAt }
        account { email emailVerified status enabled groups username attributes(names: ["email"]) { name value } }
        identities { poolId subject }
      }
      viewer { kind roles groups scopes clientId tokenExpiresAt user { id } }
    }`);
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(data.me).toMatchObject({
      profile: { stale: false },
      account: {
        email: 'uma@example.com',
        emailVerified: true,
        status: 'CONFIRMED',
        enabled: true,
        groups: [],
        attributes: [{ name: 'email', value: 'uma@example.com' }],
      },
      identities: [{ poolId: api.poolId }],
    });
    expect(data.me.profile.name).toEqual(expect.any(String));
    expect(data.viewer).toEqual({
      kind: 'USER',
      roles: [],
      groups: [],
      scopes: ['aws.cognito.signin.user.admin'],
      clientId: api.clientId,
      tokenExpiresAt: expect.any(String),
      user: { id: data.me.id },
    });
  });

  test('roles follow from the groups of the token', async () => {
    const { data } = await ada.execute('{ viewer { roles groups } }');
    expect(data.viewer).toEqual({ roles: ['ADMIN'], groups: ['admin'] });
  });
});

describe('user, userBySubject and node', () => {
  test('find the same person, for staff and for oneself', async () => {
    const { data: own } = await uma.execute('{ me { id identities { subject } } }');
    const variables = { id: own.me.id, subject: own.me.identities[0].subject };
    const query = /* GraphQL */ `query ($id: ID!, $subject: ID!) {
      user(id: $id) { id } userBySubject(subject: $subject) { id } node(id: $id) { __typename id }
    }`;
    for (const client of [uma, ada]) {
      const { data, errors } = await client.execute(query, variables);
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        user: { id: variables.id },
        userBySubject: { id: variables.id },
        node: { __typename: 'User', id: variables.id },
      });
    }
  });

  test('find oneself by an id in capitals, as some languages write a UUID', async () => {
    const { data: own } = await uma.execute('{ me { id } }');
    const query = 'query ($id: ID!) { user(id: $id) { id } node(id: $id) { id } }';
    const { data, errors } = await uma.execute(query, { id: own.me.id.toUpperCase() });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ user: own.me, node: own.me });
  });

  test('are null for what does not exist', async () => {
    const { data, errors } = await ada.execute(/* GraphQL */ `{
      user(id: "0192f0c1-0000-7000-8000-000000000000") { id }
      userBySubject(subject: "nobody") { id }
      node(id: "0192f0c1-0000-7000-8000-000000000000") { id }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ user: null, userBySubject: null, node: null });
  });

  test('say that an id must be a UUID', async () => {
    const { data, errors } = await ada.execute('{ node(id: "7") { id } }');
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([
      {
        message: 'The argument `id` must be a UUID.',
        extensions: { code: 'BAD_USER_INPUT', reason: 'uuid' },
      },
    ]);
  });

  test("another person's node is refused by the rule of its type", async () => {
    const { data: other } = await ada.execute('{ me { id } }');
    const { status, data, errors } = await uma.execute(
      'query ($id: ID!) { node(id: $id) { id } }',
      {
        id: other.me.id,
      },
    );
    expect(status).toBe(200);
    expect(data).toEqual({ node: null });
    expect(errors).toBeUndefined();
  });
});

describe('users', () => {
  test('three pages of 60 and more, each person once, names and pictures from the pool', async () => {
    const { data } = await ada.execute(/* GraphQL */ `{
      users(first: 60) { nodes { profile { name picture } } pageInfo { hasNextPage endCursor } totalCount }
    }`);
    const pictures = data.users.nodes.filter(
      ({ profile }: { profile: { picture: string | null } }) =>
        profile.picture?.startsWith('https://'),
    );
    expect(pictures.length).toBeGreaterThan(40);
    expect(data.users.totalCount).toBeGreaterThan(180);
    const ids = await allIds();
    expect(new Set(ids).size).toBe(data.users.totalCount);
    expect(ids).toHaveLength(data.users.totalCount);
  });

  test('pages backwards give the same list', async () => {
    const ids = await allIds();
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const { data } = await ada.execute(page, { last: 50, before });
      seen.unshift(...idsOf(data.users));
      before = data.users.pageInfo.hasPreviousPage ? data.users.pageInfo.startCursor : null;
    } while (before !== null);
    expect(seen).toEqual(ids);
  });

  test('the newest first is the same list turned round', async () => {
    const ids = await allIds();
    const orderBy = { field: 'CREATED_AT', direction: 'DESC' };
    const { data } = await ada.execute(page, { first: 100, orderBy });
    expect(idsOf(data.users)).toEqual(ids.toReversed().slice(0, 100));
  });

  test('a page begins after the cursor of any edge', async () => {
    const { data } = await ada.execute(page, { first: 5 });
    const { data: next } = await ada.execute(page, { first: 2, after: data.users.edges[2].cursor });
    expect(idsOf(next.users)).toEqual(idsOf(data.users).slice(3, 5));
    expect(next.users.pageInfo.hasPreviousPage).toBe(true);
  });

  test('20 is the default, 0 is a page and the end is told', async () => {
    const { data } = await ada.execute(page);
    expect(data.users.nodes).toHaveLength(20);
    const { data: none } = await ada.execute(page, { first: 0 });
    expect(none.users).toMatchObject({ nodes: [], pageInfo: { startCursor: null } });
  });

  test.each([
    ['more than a page holds', { first: 101 }, 'page_size'],
    ['fewer than none', { first: -1 }, 'page_size'],
    ['both ways at once', { first: 1, last: 1 }, 'page'],
    ['a cursor that was made up', { after: 'WyJhIl0' }, 'cursor'],
  ])('%s is BAD_USER_INPUT', async (_fault, variables, reason) => {
    const { status, errors } = await ada.execute(page, variables);
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason } }]);
  });

  test('a cursor of another order or list is BAD_USER_INPUT', async () => {
    const { data } = await ada.execute(page, { first: 1 });
    const after = data.users.pageInfo.endCursor;
    const orderBy = { field: 'CREATED_AT', direction: 'DESC' };
    const { errors } = await ada.execute(page, { after, orderBy });
    expect(errors).toMatchObject([{ extensions: { reason: 'cursor' } }]);
    const { errors: others } = await ada.execute(
      'query ($after: String) { auditLog(after: $after) { nodes { id } } }',
      { after },
    );
    expect(others).toMatchObject([{ extensions: { reason: 'cursor' } }]);
  });

  test('a person without a role is refused, with what they may do intact', async () => {
    const { status, data, errors } = await uma.execute(page);
    expect(status).toBe(403);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await uma.execute('{ me { id } }')).status).toBe(200);
  });

  test('an anonymous viewer is asked to sign in', async () => {
    const { status, headers, data } = await api.anonymous.execute(page);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(data).toBeUndefined();
  });
});
