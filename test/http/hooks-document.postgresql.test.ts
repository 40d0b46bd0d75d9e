import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { hintIn } from '../../src/directory/account-hint.js';
import { startApi, type TestApi } from '../support/api.js';
import { Document } from '../support/document.js';
import { eventually, WEBHOOK_SECRET } from '../support/hooks.js';

type Handler = (event: object) => Promise<unknown>;

let api: TestApi;
let folder: string;
let page: Document;
let url: string;

beforeAll(async () => {
  page = await Document.read('docs/hooks.md');
  api = await startApi({ environment: { WEBHOOK_SECRET } });
  url = await api.server.http.listen({ host: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-hooks-'));
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

/** The function of the page as Lambda runs it: a module with its environment. */
async function lambda(environment: Readonly<Record<string, string>>): Promise<Handler> {
  const file = join(folder, `${Object.values(environment).join('').length}-${Date.now()}.mjs`);
  await writeFile(file, page.only('js'));
  Object.assign(process.env, environment);
  const { handler }: { handler: Handler } = await import(pathToFileURL(file).href);
  return handler;
}

const nameOf = async (username: string) => {
  const [row] = await api.server.app.orm.em.fork().execute<{ name: string }[]>(
    `select attributes->>'name' as name from pool_profile
       join identity on identity_id = identity.id where username = ?`,
    [username],
  );
  return row?.name;
};

const rename = (Username: string, Value: string) =>
  api.cognito.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId: api.poolId,
      Username,
      UserAttributes: [{ Name: 'name', Value }],
    }),
  );

const trigger = (userName: string) => ({
  version: '1',
  triggerSource: 'PostAuthentication_Authentication',
  userPoolId: api.poolId,
  userName,
  request: { userAttributes: { email: 'mei@example.com' } },
  response: {},
});

async function cloudTrail(username: string) {
  const { UserAttributes = [] } = await api.cognito.send(
    new AdminGetUserCommand({ UserPoolId: api.poolId, Username: username }),
  );
  return {
    id: '7f2c1b0a-1111-2222-3333-444455556666',
    source: 'aws.cognito-idp',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventSource: 'cognito-idp.amazonaws.com',
      eventName: 'AdminUpdateUserAttributes',
      requestParameters: { userPoolId: api.poolId, username: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      additionalEventData: { sub: UserAttributes.find(({ Name }) => Name === 'sub')?.Value },
    },
  };
}

describe('the function of docs/hooks.md', () => {
  test('as a trigger tells of the account, and answers with its event', async () => {
    const handler = await lambda({ LIFEGUARD_URL: url, WEBHOOK_SECRET });
    await rename('mei.chen', 'Mei by Lambda');
    const event = trigger('mei.chen');
    expect(await handler(event)).toBe(event);
    expect(await eventually(async () => (await nameOf('mei.chen')) === 'Mei by Lambda')).toBe(true);
  });

  test('as a target of EventBridge tells of the account', async () => {
    const handler = await lambda({ LIFEGUARD_URL: url, WEBHOOK_SECRET });
    await rename('mei.gupta', 'Mei by CloudTrail');
    await handler(await cloudTrail('mei.gupta'));
    expect(await eventually(async () => (await nameOf('mei.gupta')) === 'Mei by CloudTrail')).toBe(
      true,
    );
  });

  test('keeps nobody from signing in, yet has Lambda try again for EventBridge', async () => {
    const handler = await lambda({
      LIFEGUARD_URL: url,
      WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}`,
    });
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const event = trigger('mei.chen');
    expect(await handler(event)).toBe(event);
    expect(warn.mock.calls).toEqual([['Lifeguard was not told:', 'status 401']]);
    warn.mockRestore();
    await expect(handler(await cloudTrail('mei.chen'))).rejects.toThrow('status 401');
  });
});

test('the rule of docs/hooks.md lets pass what is a hint, and nothing that reads', () => {
  const { detail }: { detail: { eventName: (string | { prefix: string })[] } } = JSON.parse(
    page.only('json'),
  );
  const passes = (eventName: string) =>
    detail.eventName.some((one) =>
      typeof one === 'string' ? one === eventName : eventName.startsWith(one.prefix),
    );
  const isHint = (eventName: string) =>
    hintIn({
      source: 'aws.cognito-idp',
      'detail-type': 'AWS API Call via CloudTrail',
      detail: { eventName, additionalEventData: { sub: 'x' } },
    }) !== undefined;
  const names =
    `AdminAddUserToGroup AdminConfirmSignUp AdminCreateUser AdminDeleteUser AdminDeleteUserAttributes
    AdminDisableProviderForUser AdminDisableUser AdminEnableUser AdminGetUser AdminInitiateAuth
    AdminLinkProviderForUser AdminListGroupsForUser AdminRemoveUserFromGroup AdminResetUserPassword
    AdminSetUserPassword AdminUpdateUserAttributes ConfirmForgotPassword ConfirmSignUp DeleteUser
    DeleteUserAttributes GetUser InitiateAuth ListUsers SignUp UpdateUserAttributes VerifyUserAttribute`.split(
      /\s+/,
    );
  expect(names.filter(passes)).toEqual(names.filter(isHint));
});
