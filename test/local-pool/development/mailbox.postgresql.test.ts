import {
  AdminCreateUserCommand,
  ForgotPasswordCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PASSWORD, type Place, startTestPool, type TestPool } from '../test-pool.js';
import { ask } from './json.js';

let pool: TestPool;
let place: Place;

beforeAll(async () => {
  pool = await startTestPool();
  place = await pool.place();
});
beforeEach(() => ask(pool.localPool, 'DELETE', '/local-pool/mailbox'));
afterAll(() => pool.close());

const signUp = (Username: string, email: string) =>
  pool.cognito.send(
    new SignUpCommand({
      ClientId: place.clientId,
      Username,
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: email }],
    }),
  );
const messages = async () =>
  (await ask(pool.localPool, 'GET', '/local-pool/mailbox')).body.messages;
const page = (accept: string) =>
  ask(pool.localPool, 'GET', '/local-pool/mailbox', undefined, { accept });

test('a code is sent in the words of Cognito, and tells its line to whoever delivers', async () => {
  await signUp('mia', 'mia@example.com');
  const code = pool.lastCode();
  expect(code).toMatch(/^\d{6}$/);
  expect(pool.logged.at(-1)).toBe(`code ${code} for mia@example.com`);
  const sent = await messages();
  expect(sent).toEqual([
    {
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      to: 'mia@example.com',
      subject: 'Your verification code',
      text: `Your confirmation code is ${code}`,
      code,
    },
  ]);
  expect(Math.abs(Date.now() - Date.parse(sent[0].at))).toBeLessThan(60_000);
});

test('an invitation tells the temporary password, which is no code', async () => {
  await pool.cognito.send(
    new AdminCreateUserCommand({
      UserPoolId: place.poolId,
      Username: 'ivo',
      TemporaryPassword: 'Temporary1!',
      UserAttributes: [{ Name: 'email', Value: 'ivo@example.com' }],
    }),
  );
  expect(pool.logged.at(-1)).toBe('temporary password Temporary1! for ivo@example.com');
  expect(await messages()).toEqual([
    {
      at: expect.any(String),
      to: 'ivo@example.com',
      subject: 'Your temporary password',
      text: 'Your username is ivo and temporary password is Temporary1!',
    },
  ]);
});

test('the newest comes first, and all of it can be thrown away', async () => {
  for (const name of ['first', 'second', 'third']) await signUp(name, `${name}@example.com`);
  const recipients = (await messages()).map(({ to }: { to: string }) => to);
  expect(recipients).toEqual(['third@example.com', 'second@example.com', 'first@example.com']);
  const { status, body } = await ask(pool.localPool, 'DELETE', '/local-pool/mailbox');
  expect([status, body]).toEqual([204, '']);
  expect(await messages()).toEqual([]);
});

test('the last 200 are kept', async () => {
  await pool.addUser(place, 'otto', { email: 'otto@example.com', email_verified: 'true' });
  await signUp('early', 'early@example.com');
  for (let sent = 0; sent < 200; sent++)
    await pool.cognito.send(
      new ForgotPasswordCommand({ ClientId: place.clientId, Username: 'otto' }),
    );
  const kept: { to: string }[] = await messages();
  expect(kept).toHaveLength(200);
  expect(kept.every(({ to }) => to === 'otto@example.com')).toBe(true);
});

describe('the page', () => {
  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

  test.each(['*/*', BROWSER])('is what is shown to who accepts %s', async (accept) => {
    const { status, headers, body } = await page(accept);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(body).toContain('<h1>Mailbox of the local pool</h1>');
    expect(body).toContain('Nothing was sent yet.');
  });

  test('shows what was sent', async () => {
    await signUp('pia', 'pia@example.com');
    const { body } = await page(BROWSER);
    expect(body).toContain('<h2>Your verification code</h2>');
    expect(body).toContain('<dd>pia@example.com</dd>');
    expect(body).toContain(`<code>${pool.lastCode()}</code>`);
    expect(body).not.toContain('Nothing was sent yet.');
  });

  test('allows no script and nothing from elsewhere, and uses none', async () => {
    const { headers, body } = await page(BROWSER);
    const policy = headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+=*'; /);
    expect(policy).not.toContain('unsafe');
    expect(body).not.toMatch(/<script|<link|<img|https?:|\son\w+=| style=/);
  });

  test('escapes what people call themselves', async () => {
    const hostile = `"><script>alert('1')</script>&amp@example.com`;
    await signUp('eve', hostile);
    const { body } = await page(BROWSER);
    expect(body).not.toContain('<script');
    expect(body).toContain(
      '<dd>&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp@example.com</dd>',
    );
    expect((await messages())[0].to).toBe(hostile);
  });
});
