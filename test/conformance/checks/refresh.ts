import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  AdminInitiateAuthCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  GetTokensFromRefreshTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { absent, expectRefusal, expectSame, expectShape } from '../difference.js';
import type { Place, PoolUnderTest } from '../pool-under-test.js';
import { claimsOf } from '../token.js';

const refresh = (pool: PoolUnderTest, place: Place, token = '') =>
  pool.initiate(place, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: token });

const renew = (pool: PoolUnderTest, { clientId, clientSecret }: Place, token: string | undefined) =>
  pool.send(
    new GetTokensFromRefreshTokenCommand({
      ClientId: clientId,
      RefreshToken: token,
      ClientSecret: clientSecret,
    }),
  );

/** A client whose refresh tokens are good once, but for the seconds of grace. */
const rotating = (pool: PoolUnderTest, grace: number) =>
  pool.anotherClient({
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: grace },
  });

export const refreshing: Topic = {
  name: 'refreshing',
  checks: [
    {
      name: 'a refresh token gets new access and id tokens and stays',
      source: pages.refreshToken,
      run: async (pool) => {
        const person = await pool.addUser();
        const { RefreshToken } = await pool.signIn(person);
        expectShape('InitiateAuth', await refresh(pool, person.place, RefreshToken), {
          AuthenticationResult: {
            AccessToken: String,
            IdToken: String,
            ExpiresIn: 3600,
            TokenType: 'Bearer',
            RefreshToken: absent,
          },
        });
        await refresh(pool, person.place, RefreshToken);
      },
    },
    {
      name: 'new tokens keep the sign-in and its time',
      source: pages.accessToken,
      run: async (pool) => {
        const person = await pool.addUser();
        const { RefreshToken, AccessToken } = await pool.signIn(person);
        const { AuthenticationResult } = await refresh(pool, person.place, RefreshToken);
        const [first, second] = [
          claimsOf(AccessToken),
          claimsOf(AuthenticationResult?.AccessToken),
        ];
        const { sub, auth_time, origin_jti, client_id, username, scope } = first;
        expectShape('the new access token', second, {
          ...{ sub, auth_time, origin_jti, client_id, username, scope },
        });
        expectSame('whether the jti differ', first.jti !== second.jti, true);
      },
    },
    {
      name: 'new tokens have the groups of today',
      source: pages.groups,
      run: async (pool) => {
        const person = await pool.addUser();
        const GroupName = pool.newName('group');
        await pool.send(new CreateGroupCommand({ UserPoolId: person.place.poolId, GroupName }));
        await pool.send(new AdminAddUserToGroupCommand({ ...person.ofUser, GroupName }));
        const { RefreshToken } = await pool.signIn(person);
        await pool.send(new AdminRemoveUserFromGroupCommand({ ...person.ofUser, GroupName }));
        const { AuthenticationResult } = await refresh(pool, person.place, RefreshToken);
        expectShape('the new access token', claimsOf(AuthenticationResult?.AccessToken), {
          'cognito:groups': absent,
        });
      },
    },
    {
      name: 'what is no refresh token is a NotAuthorizedException',
      source: api('InitiateAuth'),
      run: async (pool) => {
        const place = await pool.shared();
        await expectRefusal(
          'InitiateAuth',
          refresh(pool, place, 'not-a-refresh-token'),
          'NotAuthorizedException',
        );
        await expectRefusal(
          'GetTokensFromRefreshToken',
          renew(pool, place, 'not-a-refresh-token'),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'an access token is no refresh token',
      source: pages.refreshToken,
      run: async (pool) => {
        const person = await pool.addUser();
        const { AccessToken } = await pool.signIn(person);
        await expectRefusal(
          'InitiateAuth',
          refresh(pool, person.place, AccessToken),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a refresh token is of one client',
      source: pages.refreshToken,
      run: async (pool) => {
        const person = await pool.addUser();
        const { RefreshToken } = await pool.signIn(person);
        const other = await pool.anotherClient();
        await expectRefusal(
          'InitiateAuth at another client',
          refresh(pool, other, RefreshToken),
          'NotAuthorizedException',
        );
        await expectRefusal(
          'GetTokensFromRefreshToken at another client',
          renew(pool, other, RefreshToken),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a disabled user gets no new tokens',
      source: api('AdminDisableUser'),
      run: async (pool) => {
        const person = await pool.addUser();
        const { RefreshToken } = await pool.signIn(person);
        await pool.send(new AdminDisableUserCommand(person.ofUser));
        await expectRefusal(
          'InitiateAuth',
          refresh(pool, person.place, RefreshToken),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a client that does not allow the flow refuses it',
      source: pages.clients,
      run: async (pool) => {
        const at = await pool.anotherClient({ ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] });
        const { RefreshToken } = await pool.signIn(await pool.addUser(), at);
        await expectRefusal(
          'InitiateAuth',
          refresh(pool, at, RefreshToken),
          'InvalidParameterException',
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'the older name REFRESH_TOKEN is the same flow',
      source: api('InitiateAuth'),
      run: async (pool) => {
        const person = await pool.addUser();
        const { RefreshToken = '' } = await pool.signIn(person);
        expectShape(
          'InitiateAuth REFRESH_TOKEN',
          await pool.initiate(person.place, 'REFRESH_TOKEN', { REFRESH_TOKEN: RefreshToken }),
          { AuthenticationResult: { AccessToken: String, IdToken: String } },
        );
      },
    },
    {
      name: 'a server may refresh as well',
      source: api('AdminInitiateAuth'),
      run: async (pool) => {
        const person = await pool.addUser();
        const { RefreshToken = '' } = await pool.signIn(person);
        const command = new AdminInitiateAuthCommand({
          UserPoolId: person.place.poolId,
          ClientId: person.place.clientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: RefreshToken },
        });
        expectShape('AdminInitiateAuth', await pool.send(command), {
          AuthenticationResult: { AccessToken: String, IdToken: String },
        });
      },
    },
    {
      name: 'GetTokensFromRefreshToken works without rotation, and gives no new refresh token',
      source: api('GetTokensFromRefreshToken'),
      run: async (pool) => {
        const person = await pool.addUser();
        const { RefreshToken } = await pool.signIn(person);
        expectShape('GetTokensFromRefreshToken', await renew(pool, person.place, RefreshToken), {
          AuthenticationResult: { AccessToken: String, IdToken: String, RefreshToken: absent },
        });
      },
    },
    {
      name: 'a client with a secret shows it to GetTokensFromRefreshToken',
      source: api('GetTokensFromRefreshToken'),
      run: async (pool) => {
        const at = await pool.anotherClient({ GenerateSecret: true });
        await expectRefusal(
          'GetTokensFromRefreshToken without ClientSecret',
          renew(pool, { ...at, clientSecret: undefined }, 'not-a-refresh-token'),
          'NotAuthorizedException',
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'rotation gives a new refresh token with the new tokens',
      source: pages.refreshToken,
      run: async (pool) => {
        const at = await rotating(pool, 0);
        const { RefreshToken } = await pool.signIn(await pool.addUser(), at);
        const { AuthenticationResult } = await renew(pool, at, RefreshToken);
        expectShape('AuthenticationResult', AuthenticationResult, {
          AccessToken: String,
          IdToken: String,
          RefreshToken: String,
        });
        const isNew = AuthenticationResult?.RefreshToken !== RefreshToken;
        expectSame('whether the refresh token is another', isNew, true);
      },
    },
    {
      name: 'without grace a rotated refresh token is over at once',
      source: api('GetTokensFromRefreshToken'),
      run: async (pool) => {
        const at = await rotating(pool, 0);
        const { RefreshToken } = await pool.signIn(await pool.addUser(), at);
        await renew(pool, at, RefreshToken);
        await expectRefusal(
          'GetTokensFromRefreshToken for the second time',
          renew(pool, at, RefreshToken),
          'RefreshTokenReuseException',
        );
      },
    },
    {
      name: 'the new refresh token goes on',
      source: pages.refreshToken,
      run: async (pool) => {
        const at = await rotating(pool, 0);
        const { RefreshToken } = await pool.signIn(await pool.addUser(), at);
        const first = await renew(pool, at, RefreshToken);
        const second = await renew(pool, at, first.AuthenticationResult?.RefreshToken);
        expectShape('GetTokensFromRefreshToken', second, {
          AuthenticationResult: { AccessToken: String, RefreshToken: String },
        });
      },
    },
    {
      name: 'within the grace period the first refresh token works again',
      source: api('RefreshTokenRotationType'),
      run: async (pool) => {
        const at = await rotating(pool, 60);
        const { RefreshToken } = await pool.signIn(await pool.addUser(), at);
        await renew(pool, at, RefreshToken);
        expectShape('GetTokensFromRefreshToken again', await renew(pool, at, RefreshToken), {
          AuthenticationResult: { AccessToken: String, IdToken: String },
        });
      },
    },
    {
      name: 'rotation refuses REFRESH_TOKEN_AUTH',
      source: pages.refreshToken,
      run: async (pool) => {
        const at = await rotating(pool, 0);
        const { RefreshToken } = await pool.signIn(await pool.addUser(), at);
        await expectRefusal(
          'InitiateAuth',
          refresh(pool, at, RefreshToken),
          'InvalidParameterException',
          'NotAuthorizedException',
          'UnsupportedOperationException',
        );
      },
    },
  ],
};
