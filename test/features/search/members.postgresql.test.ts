import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NAME_ATTRIBUTES } from '../../../src/directory/index.js';
import { type Client, startApi, type TestApi } from '../../support/api.js';
import { everybody, fillDirectory } from './directory.js';
import { naiveList } from './naive.js';
import { type Person, somePeople } from './people.js';

const page = /* GraphQL */ `query ($filter: UserFilter, $orderBy: UserOrder, $after: String) {
  users(first: 100, filter: $filter, orderBy: $orderBy, after: $after) { nodes { id } pageInfo { endCursor } }
}`;

const BY_CREATION = { field: 'CREATED_AT', direction: 'ASC' } as const;

/** A server with a member, who sees these attributes of others. */
async function startWith(publicAttributes: string) {
  const api = await startApi({
    environment: {
      ROLE_GROUPS: 'ADMIN:admin,SUPPORT:support,MEMBER:member',
      PUBLIC_ATTRIBUTES: publicAttributes,
    },
  });
  const member = await api.as({ groups: ['member'] });
  await fillDirectory(api, somePeople(60));
  return { api, member, people: await everybody(api) };
}

describe.each([
  ['all names', NAME_ATTRIBUTES.join(',')],
  ['all but the name', 'given_name,family_name,nickname,preferred_username'],
  ['nicknames alone', 'nickname'],
  ['names that are not neighbours', 'name,preferred_username'],
  ['no names', 'picture'],
])('a member who may see %s', (_what, publicAttributes) => {
  let api: TestApi;
  let member: Client;
  let people: readonly Person[];
  const names = NAME_ATTRIBUTES.filter((name) => publicAttributes.split(',').includes(name));

  beforeAll(async () => {
    ({ api, member, people } = await startWith(publicAttributes));
  });
  afterAll(() => api.close());

  test('finds by those names and by nothing else', async () => {
    // Of addresses, numbers, user names and private names as well.
    const terms = [
      'jose',
      'Ann',
      'example',
      'person-1',
      '+3512',
      '100%',
      'r\\s',
      '🐙 i',
      "o'b",
      'देस',
      '(?:',
      '.*.',
    ];
    for (const search of terms) {
      const { data, errors } = await member.execute(page, { filter: { search } });
      expect(errors).toBeUndefined();
      const found = data.users.nodes.map(({ id }: { id: string }) => id);
      // The plain evaluation looks at contacts only where the viewer is staff.
      expect(found).toEqual(naiveList(people, { search }, BY_CREATION, [...names]).slice(0, 100));
    }
  });

  test.each([
    ['email', { email: 'a@example.com' }],
    ['emailVerified', { emailVerified: true }],
    ['phoneNumber', { phoneNumber: '+351210000001' }],
    ['username', { username: 'person-1' }],
    ['group', { group: 'admin' }],
    ['status', { status: 'CONFIRMED' }],
    ['enabled', { enabled: false }],
    ['lastSeenAfter', { lastSeenAfter: '2026-01-01T00:00:00Z' }],
    ['lastSeenBefore', { lastSeenBefore: '2026-01-01T00:00:00Z' }],
    ['a private filter even with null', { email: null }],
    ['a private filter beside an open one', { search: 'jose', enabled: true }],
  ])('is refused the filter %s', async (_name, filter) => {
    const { status, data, errors } = await member.execute(page, { filter });
    expect(status).toBe(403);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test.each(['EMAIL', 'LAST_SEEN_AT', 'POOL_MODIFIED_AT'])(
    'is refused the order %s',
    async (field) => {
      const { status, errors } = await member.execute(page, { orderBy: { field } });
      expect(status).toBe(403);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    },
  );

  test.each([
    '{ users(filter: { search: "jose" }) { totalCount } }',
    '{ duplicates { nodes { value } } }',
  ])('is refused %s', async (query) => {
    const { errors } = await member.execute(query);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('may filter and order by the full name only where it is public', async () => {
    for (const variables of [{ filter: { name: 'jose' } }, { orderBy: { field: 'NAME' } }]) {
      const { status } = await member.execute(page, variables);
      expect(status).toBe(names.includes('name') ? 200 : 403);
    }
  });

  test("cannot go on with a cursor of staff's", async () => {
    const ada = await api.as('ada@example.com');
    const filter = { search: 'jose' };
    const { data } = await ada.execute(page, { filter });
    const after = data.users.pageInfo.endCursor;
    const { errors } = await member.execute(page, { filter, after });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason: 'cursor' } }]);
  });
});
