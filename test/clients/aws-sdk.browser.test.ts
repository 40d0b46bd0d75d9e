import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testBrowser } from '../browser/browser.js';
import {
  attributeRecord,
  claimsOf,
  PASSWORD,
  type Place,
  refusal,
  startTestPool,
  type TestPool,
} from '../local-pool/test-pool.js';
import { lastCode } from './last-code.js';
import { inPage } from './remote.js';
import { type ServedPage, servePage } from './serve-page.js';

const browser = testBrowser();
let pool: TestPool;
let served: ServedPage;
let place: Place;

beforeAll(async () => {
  pool = await startTestPool();
  served = await servePage();
  place = await pool.place();
});
afterAll(async () => {
  await served?.close();
  await pool?.close();
});

async function sdkInPage() {
  const page = await browser.newPage();
  await page.goto(served.origin);
  const sdk = inPage(page, 'awsSdk');
  await sdk.configure({ endpoint: pool.localPool.endpoint, ...place });
  return sdk;
}

test('the AWS SDK in a browser signs up, in and out, without AWS credentials', async () => {
  const sdk = await sdkInPage();
  const [ClientId, Username, email] = [place.clientId, 'uma', 'uma@example.com'];
  const { UserSub, UserConfirmed } = await sdk.signUp({
    ClientId,
    Username,
    Password: PASSWORD,
    UserAttributes: [{ Name: 'email', Value: email }],
  });
  expect(UserConfirmed).toBe(false);
  await sdk.confirmSignUp({ ClientId, Username, ConfirmationCode: lastCode(pool, email) });

  const signIn = (PASSWORD: string) =>
    sdk.initiateAuth({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD },
    });
  expect(await refusal(signIn('Wrong-1-password'))).toEqual({
    name: 'NotAuthorizedException',
    message: 'Incorrect username or password.',
  });
  const { AuthenticationResult: tokens } = await signIn(PASSWORD);
  expect(claimsOf(tokens?.AccessToken)).toMatchObject({ sub: UserSub, username: Username });
  const self = await sdk.getUser({ AccessToken: tokens?.AccessToken });
  expect(attributeRecord(self.UserAttributes)).toEqual({
    sub: UserSub,
    email,
    email_verified: 'true',
  });

  const refresh = () =>
    sdk.initiateAuth({
      ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: tokens?.RefreshToken ?? '' },
    });
  const refreshed = await refresh();
  expect(refreshed.AuthenticationResult).toHaveProperty('AccessToken');
  await sdk.revokeToken({ ClientId, Token: tokens?.RefreshToken });
  expect((await refusal(refresh())).name).toBe('NotAuthorizedException');

  const { AuthenticationResult: again } = await signIn(PASSWORD);
  await sdk.globalSignOut({ AccessToken: again?.AccessToken });
  expect(await refusal(sdk.getUser({ AccessToken: again?.AccessToken }))).toEqual({
    name: 'NotAuthorizedException',
    message: 'Access Token has been revoked',
  });
});
