import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { accessibilityFaults, testBrowser } from './browser.js';
import { hasText, SandboxPage } from './sandbox-page.js';
import { type Sandbox, startSandbox } from './start-sandbox.js';

const browser = testBrowser();
let started: Sandbox;

beforeAll(async () => {
  started = await startSandbox();
});
afterEach(async () => {
  await fetch(`${started.api.localPool.endpoint}/local-pool/faults`, { method: 'DELETE' });
});
afterAll(() => started?.api.close());

async function open(): Promise<SandboxPage> {
  return SandboxPage.open(await browser.newPage(), started.origin);
}

/** A seeded person's id. */
async function idOf(username: string): Promise<string> {
  const { api } = started;
  const { UserAttributes = [] } = await api.cognito.send(
    new AdminGetUserCommand({ UserPoolId: api.poolId, Username: username }),
  );
  const subject = UserAttributes.find(({ Name }) => Name === 'sub')?.Value;
  const support = await api.as('sam@example.com');
  const { data } = await support.execute(
    'query ($subject: ID!) { userBySubject(subject: $subject) { id } }',
    { subject },
  );
  return data.userBySubject.id;
}

test('each kind of person is one click away, and has an answered query', async () => {
  const sandbox = await open();
  await hasText(sandbox.viewer, 'Anonymous');
  await sandbox.run('"code": "UNAUTHENTICATED"');
  await hasText(sandbox.lastAnswer, 'HTTP 401');
  await sandbox.write('{ server { name } }');
  await sandbox.run('"name": "Lifeguard"');
  await hasText(sandbox.lastAnswer, 'HTTP 200');

  await sandbox.openTab('Viewer');
  await sandbox.become(/^Person/, 'uma@example.com');
  await sandbox.run('"kind": "USER"', '"roles": []', '"groups": []');
  await sandbox.become(/^Support/, 'SUPPORT');
  await sandbox.run('"kind": "USER"', '"roles": [ "SUPPORT" ]');
  await sandbox.become(/^Admin/, 'ADMIN');
  await sandbox.run('"kind": "USER"', '"roles": [ "ADMIN" ]');
  await sandbox.become('Machine client', 'machine client, no role');
  await sandbox.run('"kind": "CLIENT"', '"lifeguard/read"', '"user": null');
  await hasText(sandbox.lastAnswer, 'HTTP 200');

  await sandbox.become('Anonymous', 'Anonymous');
  await sandbox.run('"code": "UNAUTHENTICATED"');
});

test('the tabs hold examples, which answer who may ask', async () => {
  const sandbox = await open();
  await sandbox.become(/^Admin/, 'ADMIN');
  await sandbox.run('"name": "Ada Okafor"', '"email": "ada@example.com"');
  await sandbox.openTab('Users');
  await sandbox.run('"users": { "nodes": [ { "id":');
  await sandbox.openTab('AuditLog');
  await sandbox.run('"auditLog": { "nodes": [');
  await sandbox.become(/^Person/, 'uma@example.com');
  await sandbox.openTab('UpdateMyProfile');
  await sandbox.run('"nickname": "Sandy"', '"pendingVerifications": []');
  await sandbox.openTab('AuditLog');
  await sandbox.run('"code": "FORBIDDEN"');
  await hasText(sandbox.lastAnswer, 'HTTP 403 FORBIDDEN');
});

test.each([
  ['Expired', 'expired'],
  ['Signed out', 'revoked'],
  ['Tampered', 'invalid'],
  ['Id token', 'id_token'],
  ['Other client', 'invalid'],
])('a token that is bad (%s) is refused before anything executes', async (kind, reason) => {
  const sandbox = await open();
  await sandbox.become(/^Person/, 'uma@example.com');
  await sandbox.become(kind, 'HTTP 401 UNAUTHENTICATED');
  await sandbox.write('{ server { name } }');
  await sandbox.run('"code": "UNAUTHENTICATED"', `"reason": "${reason}"`);
  await hasText(sandbox.lastAnswer, 'HTTP 401 UNAUTHENTICATED');
  await sandbox.become(/^Person/, 'uma@example.com');
  await sandbox.run('"name": "Lifeguard"');
});

test('the session outlasts a reload, and signing out ends it', async () => {
  const sandbox = await open();
  await sandbox.become(/^Admin/, 'ADMIN');
  await sandbox.page.reload();
  await hasText(sandbox.viewer, 'ada@example.com');
  await hasText(sandbox.page.getByRole('timer'), 'expires in 59:');
  await sandbox.become('Sign out', 'Anonymous');
  await sandbox.page.reload();
  await hasText(sandbox.viewer, 'Anonymous');
});

test('the fault switches change what an operation answers, and what signing in does', async () => {
  const sandbox = await open();
  await sandbox.become(/^Admin/, 'ADMIN');
  const input = `{ id: "${await idOf('dan')}", reason: "Tried in the sandbox" }`;
  await sandbox.write(`mutation { enableUser(input: ${input}) { user { account { enabled } } } }`);
  await sandbox.button('Pool faults').click();
  const panel = sandbox.page.getByRole('region', { name: 'Pool faults' });
  await panel.getByRole('combobox', { name: 'Fault' }).selectOption('error');
  await panel.getByRole('button', { name: 'Add fault' }).click();
  await hasText(panel.getByRole('list', { name: 'Active faults' }), 'Every operation, error');
  expect(await accessibilityFaults(sandbox.page)).toEqual([]);
  await sandbox.page.keyboard.press('Escape');
  await sandbox.run('"code": "UNAVAILABLE"');
  await hasText(sandbox.lastAnswer, 'HTTP 503 UNAVAILABLE');
  await sandbox.button(/^Person/).click();
  await hasText(sandbox.page.getByRole('alert').first(), 'InternalErrorException');

  await sandbox.button('Pool faults (1)').click();
  await panel.getByRole('button', { name: 'Clear all faults' }).click();
  await hasText(panel, 'The pool works again.');
  await sandbox.page.keyboard.press('Escape');
  // For a moment the server may leave alone a pool that failed.
  await sandbox.runUntil('"enabled": true');
  await sandbox.become(/^Person/, 'uma@example.com');
});

test('the documentation tells the rule and the cost of a field', async () => {
  const sandbox = await open();
  const { documentation } = sandbox;
  await documentation.getByRole('link', { name: 'Query' }).click();
  await documentation.getByRole('link', { name: 'users', exact: true }).click();
  await hasText(documentation, 'Requires:');
  await hasText(documentation, 'Cost:');
});

test.each(['light', 'dark'] as const)('nothing is hard to use for anyone (%s)', async (scheme) => {
  const page = await browser.newPage();
  await page.emulateMedia({ colorScheme: scheme });
  const sandbox = await SandboxPage.open(page, started.origin);
  await sandbox.become(/^Admin/, 'ADMIN');
  await sandbox.run('"name": "Ada Okafor"');
  expect(await accessibilityFaults(page)).toEqual([]);
});
