import { createHmac } from 'node:crypto';
import {
  AdminDisableUserCommand,
  AdminInitiateAuthCommand,
  type AdminInitiateAuthCommandInput,
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { expectRefusal, expectSame, expectShape } from '../difference.js';
import {
  attributeTypes,
  PASSWORD,
  type Person,
  type Place,
  type PoolUnderTest,
} from '../pool-under-test.js';
import { claimsOf } from '../token.js';

const WRONG = 'Not-the-1-password';
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

function byPassword(
  pool: PoolUnderTest,
  place: Place,
  USERNAME: string,
  password = PASSWORD,
  more: Readonly<Record<string, string>> = {},
) {
  return pool.initiate(place, 'USER_PASSWORD_AUTH', { USERNAME, PASSWORD: password, ...more });
}

function byAdmin(
  pool: PoolUnderTest,
  { poolId, clientId }: Place,
  USERNAME: string,
  password = PASSWORD,
  AuthFlow: AdminInitiateAuthCommandInput['AuthFlow'] = 'ADMIN_USER_PASSWORD_AUTH',
) {
  return pool.send(
    new AdminInitiateAuthCommand({
      UserPoolId: poolId,
      ClientId: clientId,
      AuthFlow,
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  );
}

const hashOf = ({ clientId, clientSecret = '' }: Place, username: string) =>
  createHmac('sha256', clientSecret)
    .update(username + clientId)
    .digest('base64');

/** A confidential client, and a person who may sign in there. */
async function confidential(pool: PoolUnderTest): Promise<Person> {
  return pool.addUser({}, await pool.anotherClient({ GenerateSecret: true }));
}

export const passwordSignIn: Topic = {
  name: 'sign-in by password',
  checks: [
    {
      name: 'the right password gets three tokens for an hour',
      source: api('AuthenticationResultType'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        expectShape('InitiateAuth', await byPassword(pool, place, username), {
          AuthenticationResult: {
            AccessToken: JWT,
            IdToken: JWT,
            RefreshToken: String,
            ExpiresIn: 3600,
            TokenType: 'Bearer',
          },
          ChallengeParameters: {},
        });
      },
    },
    {
      name: 'a wrong password is a NotAuthorizedException',
      source: api('InitiateAuth'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        await expectRefusal(
          'InitiateAuth',
          byPassword(pool, place, username, WRONG),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a client that hides who exists refuses an unknown name as a wrong password',
      source: pages.existence,
      run: async (pool) => {
        const place = await pool.shared();
        await expectRefusal(
          'InitiateAuth',
          byPassword(pool, place, pool.newName()),
          'NotAuthorizedException',
        );
        await expectRefusal(
          'AdminInitiateAuth',
          byAdmin(pool, place, pool.newName()),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a client of the older kind says that there is no such user',
      source: pages.existence,
      run: async (pool) => {
        const place = await pool.anotherClient({ PreventUserExistenceErrors: 'LEGACY' });
        await expectRefusal(
          'InitiateAuth',
          byPassword(pool, place, pool.newName()),
          'UserNotFoundException',
        );
        await expectRefusal(
          'AdminInitiateAuth',
          byAdmin(pool, place, pool.newName()),
          'UserNotFoundException',
        );
      },
    },
    {
      name: 'existence errors are shown where nothing is said of them',
      source: api('CreateUserPoolClient'),
      run: async (pool) => {
        const place = await pool.anotherClient({ PreventUserExistenceErrors: undefined });
        await expectRefusal(
          'InitiateAuth',
          byPassword(pool, place, pool.newName()),
          'UserNotFoundException',
        );
      },
    },
    {
      name: 'a user who is not confirmed is told so',
      source: api('InitiateAuth'),
      run: async (pool) => {
        const { username, place } = await pool.signUp();
        await expectRefusal(
          'InitiateAuth',
          byPassword(pool, place, username),
          'UserNotConfirmedException',
        );
      },
    },
    {
      name: 'a disabled user is a NotAuthorizedException',
      source: api('AdminDisableUser'),
      run: async (pool) => {
        const { username, place, ofUser } = await pool.addUser();
        await pool.send(new AdminDisableUserCommand(ofUser));
        await expectRefusal(
          'InitiateAuth',
          byPassword(pool, place, username),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a user whose password was reset has to set another first',
      source: api('AdminResetUserPassword'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const { username, place, ofUser } = await pool.addUser({ email, email_verified: 'true' });
        await pool.send(new AdminResetUserPasswordCommand(ofUser));
        await expectRefusal(
          'InitiateAuth',
          byPassword(pool, place, username),
          'PasswordResetRequiredException',
        );
      },
    },
    {
      name: 'a flow that the client does not allow is an InvalidParameterException',
      source: pages.clients,
      run: async (pool) => {
        const { username } = await pool.addUser();
        const place = await pool.anotherClient({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] });
        await expectRefusal(
          'InitiateAuth',
          byPassword(pool, place, username),
          'InvalidParameterException',
        );
        await expectRefusal(
          'AdminInitiateAuth',
          byAdmin(pool, place, username),
          'InvalidParameterException',
        );
      },
    },
    {
      name: "an administrator's flow is none of InitiateAuth",
      source: api('InitiateAuth'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        await expectRefusal(
          'InitiateAuth ADMIN_USER_PASSWORD_AUTH',
          pool.initiate(place, 'ADMIN_USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a server signs users in by ADMIN_USER_PASSWORD_AUTH',
      source: api('AdminInitiateAuth'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        expectShape('AdminInitiateAuth', await byAdmin(pool, place, username), {
          AuthenticationResult: { AccessToken: JWT, IdToken: JWT, RefreshToken: String },
        });
        await expectRefusal(
          'AdminInitiateAuth',
          byAdmin(pool, place, username, WRONG),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a server names a pool and a client that belong together',
      source: api('AdminInitiateAuth'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        for (const poolId of [await pool.newPool(), await pool.unknownPoolId()])
          await expectRefusal(
            `AdminInitiateAuth at ${poolId}`,
            byAdmin(pool, { ...place, poolId }, username),
            'ResourceNotFoundException',
          );
      },
    },
    {
      name: 'a verified address signs in where addresses are aliases',
      source: pages.attributes,
      run: async (pool) => {
        const email = pool.newEmail();
        const { username, place } = await pool.addUser({ email, email_verified: 'true' });
        const { AuthenticationResult } = await byPassword(pool, place, email);
        expectSame('username', claimsOf(AuthenticationResult?.AccessToken).username, username);
      },
    },
    {
      name: 'an address that is not verified signs nobody in',
      source: pages.attributes,
      run: async (pool) => {
        const email = pool.newEmail();
        const { place } = await pool.addUser({ email });
        await expectRefusal(
          'InitiateAuth',
          byPassword(pool, place, email),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'an address becomes an alias when an administrator says that it is verified',
      source: api('AdminUpdateUserAttributes'),
      run: async (pool) => {
        const email = pool.newEmail();
        const { place, ofUser } = await pool.addUser({ email });
        await pool.send(
          new AdminUpdateUserAttributesCommand({
            ...ofUser,
            UserAttributes: attributeTypes({ email, email_verified: 'true' }),
          }),
        );
        expectShape('InitiateAuth', await byPassword(pool, place, email), {
          AuthenticationResult: { AccessToken: JWT },
        });
      },
    },
    {
      name: 'the case of a name does not matter where the pool says so',
      source: api('UsernameConfigurationType'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const { AuthenticationResult } = await byPassword(pool, place, username.toUpperCase());
        expectSame('username', claimsOf(AuthenticationResult?.AccessToken).username, username);
      },
    },
    {
      name: 'the case of a name matters by default',
      source: api('UsernameConfigurationType'),
      run: async (pool) => {
        const { username, place } = await pool.addUser({}, await pool.newPlace());
        await expectRefusal(
          'InitiateAuth in capitals',
          byPassword(pool, place, username.toUpperCase()),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'name and password have to be given',
      source: api('InitiateAuth'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        for (const parameters of [{ USERNAME: username }, { PASSWORD }])
          await expectRefusal(
            `InitiateAuth with ${Object.keys(parameters).join()} alone`,
            pool.initiate(place, 'USER_PASSWORD_AUTH', { ...parameters }),
            'InvalidParameterException',
          );
      },
    },
    {
      name: 'users of one pool are unknown to clients of another',
      source: pages.clients,
      run: async (pool) => {
        const { username } = await pool.addUser();
        await expectRefusal(
          'InitiateAuth',
          byPassword(
            pool,
            await pool.newPlace({}, { PreventUserExistenceErrors: 'LEGACY' }),
            username,
          ),
          'UserNotFoundException',
        );
      },
    },
    {
      name: 'a client with a secret has to show it',
      source: pages.signUp,
      run: async (pool) => {
        const { username, place } = await confidential(pool);
        await expectRefusal(
          'InitiateAuth without SECRET_HASH',
          byPassword(pool, place, username),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a wrong secret hash is a NotAuthorizedException',
      source: pages.signUp,
      run: async (pool) => {
        const { username, place } = await confidential(pool);
        for (const SECRET_HASH of [hashOf(place, 'somebody-else'), 'bm9uc2Vuc2U='])
          await expectRefusal(
            'InitiateAuth',
            byPassword(pool, place, username, PASSWORD, { SECRET_HASH }),
            'NotAuthorizedException',
          );
      },
    },
    {
      name: 'the right secret hash signs in',
      source: pages.signUp,
      run: async (pool) => {
        const { username, place } = await confidential(pool);
        const SECRET_HASH = hashOf(place, username);
        expectShape(
          'InitiateAuth',
          await byPassword(pool, place, username, PASSWORD, { SECRET_HASH }),
          { AuthenticationResult: { AccessToken: JWT } },
        );
      },
    },
    {
      name: 'a sign-up at a client with a secret has to show it as well',
      source: api('SignUp'),
      run: async (pool) => {
        const { poolId } = await pool.quiet();
        const place = await pool.newClient(poolId, { GenerateSecret: true });
        const Username = pool.newName();
        const given = { ClientId: place.clientId, Username, Password: PASSWORD };
        await expectRefusal(
          'SignUp without SecretHash',
          pool.send(new SignUpCommand(given)),
          'NotAuthorizedException',
        );
        const SecretHash = hashOf(place, Username);
        expectShape('SignUp', await pool.send(new SignUpCommand({ ...given, SecretHash })), {
          UserConfirmed: false,
        });
      },
    },
  ],
};
