import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminUserGlobalSignOutCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { expectRefusal, expectShape } from '../difference.js';
import type { Place, PoolUnderTest } from '../pool-under-test.js';

const refresh = (pool: PoolUnderTest, place: Place, token = '') =>
  pool.initiate(place, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: token });

const getUser = (pool: PoolUnderTest, AccessToken: string | undefined) =>
  pool.send(new GetUserCommand({ AccessToken }));

const globalSignOut = (pool: PoolUnderTest, AccessToken: string | undefined) =>
  pool.send(new GlobalSignOutCommand({ AccessToken }));

const revoke = (
  pool: PoolUnderTest,
  { clientId, clientSecret }: Place,
  Token: string | undefined,
) => pool.send(new RevokeTokenCommand({ ClientId: clientId, ClientSecret: clientSecret, Token }));

async function expectSignedOut(
  pool: PoolUnderTest,
  place: Place,
  tokens: { AccessToken?: string | undefined; RefreshToken?: string | undefined },
): Promise<void> {
  await expectRefusal(
    'GetUser with the access token',
    getUser(pool, tokens.AccessToken),
    'NotAuthorizedException',
  );
  await expectRefusal(
    'REFRESH_TOKEN_AUTH with the refresh token',
    refresh(pool, place, tokens.RefreshToken),
    'NotAuthorizedException',
  );
}

export const signOut: Topic = {
  name: 'signing out',
  checks: [
    {
      name: 'GlobalSignOut ends every sign-in of the user',
      source: api('GlobalSignOut'),
      run: async (pool) => {
        const person = await pool.addUser();
        const here = await pool.signIn(person);
        const other = await pool.anotherClient();
        const there = await pool.signIn(person, other);
        await globalSignOut(pool, here.AccessToken);
        await expectSignedOut(pool, person.place, here);
        await expectSignedOut(pool, other, there);
      },
    },
    {
      name: 'GlobalSignOut takes a live access token',
      source: api('GlobalSignOut'),
      run: async (pool) => {
        await expectRefusal(
          'GlobalSignOut with nonsense',
          globalSignOut(pool, 'not-a-token'),
          'NotAuthorizedException',
        );
        const { AccessToken } = await pool.signIn(await pool.addUser());
        await globalSignOut(pool, AccessToken);
        await expectRefusal(
          'GlobalSignOut for the second time',
          globalSignOut(pool, AccessToken),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a user may sign in anew after signing out',
      source: pages.revocation,
      run: async (pool) => {
        const person = await pool.addUser();
        await globalSignOut(pool, (await pool.signIn(person)).AccessToken);
        const again = await pool.signIn(person);
        expectShape('GetUser', await getUser(pool, again.AccessToken), {
          Username: person.username,
        });
        await refresh(pool, person.place, again.RefreshToken);
      },
    },
    {
      name: 'signing one user out touches nobody else',
      source: api('GlobalSignOut'),
      run: async (pool) => {
        const [one, other] = [await pool.addUser(), await pool.addUser()];
        const kept = await pool.signIn(other);
        await globalSignOut(pool, (await pool.signIn(one)).AccessToken);
        await getUser(pool, kept.AccessToken);
        await refresh(pool, other.place, kept.RefreshToken);
      },
    },
    {
      name: 'AdminUserGlobalSignOut ends every sign-in of the user',
      source: api('AdminUserGlobalSignOut'),
      run: async (pool) => {
        const person = await pool.addUser();
        const [first, second] = [await pool.signIn(person), await pool.signIn(person)];
        await pool.send(new AdminUserGlobalSignOutCommand(person.ofUser));
        await expectSignedOut(pool, person.place, first);
        await expectSignedOut(pool, person.place, second);
      },
    },
    {
      name: 'AdminUserGlobalSignOut of nobody is a UserNotFoundException',
      source: api('AdminUserGlobalSignOut'),
      run: async (pool) => {
        const { poolId } = await pool.shared();
        const nobody = { UserPoolId: poolId, Username: pool.newName() };
        await expectRefusal(
          'AdminUserGlobalSignOut',
          pool.send(new AdminUserGlobalSignOutCommand(nobody)),
          'UserNotFoundException',
        );
      },
    },
    {
      name: 'RevokeToken ends the sign-in of its refresh token',
      source: api('RevokeToken'),
      run: async (pool) => {
        const person = await pool.addUser();
        const tokens = await pool.signIn(person);
        await revoke(pool, person.place, tokens.RefreshToken);
        await expectSignedOut(pool, person.place, tokens);
      },
    },
    {
      name: 'RevokeToken ends the access tokens that were refreshed from it as well',
      source: pages.revocation,
      run: async (pool) => {
        const person = await pool.addUser();
        const { RefreshToken } = await pool.signIn(person);
        const { AuthenticationResult } = await refresh(pool, person.place, RefreshToken);
        await revoke(pool, person.place, RefreshToken);
        await expectRefusal(
          'GetUser with the refreshed access token',
          getUser(pool, AuthenticationResult?.AccessToken),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'RevokeToken leaves other sign-ins of the user alone',
      source: api('RevokeToken'),
      run: async (pool) => {
        const person = await pool.addUser();
        const [ended, kept] = [await pool.signIn(person), await pool.signIn(person)];
        await revoke(pool, person.place, ended.RefreshToken);
        await getUser(pool, kept.AccessToken);
        await refresh(pool, person.place, kept.RefreshToken);
      },
    },
    {
      name: 'RevokeToken takes refresh tokens only',
      source: api('RevokeToken'),
      run: async (pool) => {
        const person = await pool.addUser();
        const { AccessToken } = await pool.signIn(person);
        await expectRefusal(
          'RevokeToken of an access token',
          revoke(pool, person.place, AccessToken),
          'UnsupportedTokenTypeException',
        );
      },
    },
    {
      name: 'RevokeToken needs a client with token revocation',
      source: api('RevokeToken'),
      run: async (pool) => {
        const at = await pool.anotherClient({ EnableTokenRevocation: false });
        const { RefreshToken } = await pool.signIn(await pool.addUser(), at);
        await expectRefusal(
          'RevokeToken',
          revoke(pool, at, RefreshToken),
          'UnsupportedOperationException',
        );
      },
    },
    {
      name: 'a client that is not there revokes nothing',
      source: api('RevokeToken'),
      run: async (pool) => {
        const person = await pool.addUser();
        const { RefreshToken } = await pool.signIn(person);
        const at = { ...person.place, clientId: '1example23456789abcdefghij' };
        await expectRefusal(
          'RevokeToken',
          revoke(pool, at, RefreshToken),
          'ResourceNotFoundException',
          'InvalidParameterException',
          'UnauthorizedException',
        );
        await refresh(pool, person.place, RefreshToken);
      },
    },
    {
      name: 'disabling a user ends the sign-ins there are',
      source: api('AdminDisableUser'),
      run: async (pool) => {
        const person = await pool.addUser();
        const tokens = await pool.signIn(person);
        await pool.send(new AdminDisableUserCommand(person.ofUser));
        await expectSignedOut(pool, person.place, tokens);
      },
    },
    {
      name: 'a user who is enabled again may sign in',
      source: api('AdminEnableUser'),
      run: async (pool) => {
        const person = await pool.addUser();
        await pool.send(new AdminDisableUserCommand(person.ofUser));
        await pool.send(new AdminEnableUserCommand(person.ofUser));
        await getUser(pool, (await pool.signIn(person)).AccessToken);
      },
    },
  ],
};
