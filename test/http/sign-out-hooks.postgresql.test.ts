import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { viewerChangesOf } from '../../src/directory/index.js';
import { type Client, startApi, type TestApi } from '../support/api.js';
import { hook, WEBHOOK_SECRET } from '../support/hooks.js';

let api: TestApi;
let uma: Client;
let sub: string;

beforeAll(async () => {
  api = await startApi({ environment: { WEBHOOK_SECRET } });
});
beforeEach(async () => {
  await api.server.app.orm.em.fork().execute('update app_user set refused_before = null');
  await viewerChangesOf(api.server.app).read();
  uma = await api.as('uma@example.com');
  const { data } = await uma.execute('{ me { identities { subject } } }');
  sub = data.me.identities[0].subject;
});
afterAll(() => api.close());

const event = (eventName: string, eventTime: Date | string | undefined, others: object = {}) => ({
  source: 'aws.cognito-idp',
  'detail-type': 'AWS API Call via CloudTrail',
  detail: {
    eventName,
    eventTime,
    requestParameters: { userPoolId: api.poolId },
    additionalEventData: { sub },
    ...others,
  },
});

async function statusAfter(message: object): Promise<number> {
  await hook(api, message);
  await viewerChangesOf(api.server.app).read();
  return (await uma.execute('{ me { id } }')).status;
}

async function refusedBefore(): Promise<Date | null> {
  const [row] = await api.server.app.orm.em
    .fork()
    .execute<{ at: string | null }[]>(
      'select refused_before::text as at from app_user join identity on user_id = app_user.id where subject = ?',
      [sub],
    );
  return row?.at == null ? null : new Date(row.at);
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

test.each(['GlobalSignOut', 'AdminUserGlobalSignOut'])(
  '%s has the tokens refused that were issued before it',
  async (eventName) => {
    expect(await statusAfter(event(eventName, inSeconds(0)))).toBe(401);
  },
);

test.each([
  ['long ago', 'GlobalSignOut', -3_600, {}],
  ['that failed', 'GlobalSignOut', 0, { errorCode: 'NotAuthorizedException' }],
  ['of one device, which does not tell which', 'RevokeToken', 0, {}],
  ['of somebody else', 'GlobalSignOut', 0, { additionalEventData: { sub: 'somebody-else' } }],
  [
    'of an unknown pool',
    'GlobalSignOut',
    0,
    { requestParameters: { userPoolId: 'eu-west-1_Nowhere12' } },
  ],
])('a sign-out %s leaves a token good', async (_which, eventName, seconds, others) => {
  expect(await statusAfter(event(eventName, inSeconds(seconds), others))).toBe(200);
});

test.each([
  ['without a time', undefined],
  ['at no time', 'yesterday'],
])('a sign-out %s leaves a token good', async (_which, eventTime) => {
  expect(await statusAfter(event('GlobalSignOut', eventTime))).toBe(200);
});

test('one of the future ends sign-ins up to now, and none that follows', async () => {
  await hook(api, event('GlobalSignOut', inSeconds(86_400)));
  const moment = await refusedBefore();
  expect(moment?.getTime()).toBeLessThanOrEqual(Date.now());
});

test('an older one does not take back what a later one has refused', async () => {
  await hook(api, event('GlobalSignOut', inSeconds(-10)));
  const moment = await refusedBefore();
  await hook(api, event('GlobalSignOut', inSeconds(-60)));
  expect(await refusedBefore()).toEqual(moment);
});
