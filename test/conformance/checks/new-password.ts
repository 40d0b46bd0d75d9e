import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { absent, expectMembers, expectRefusal, expectSame, expectShape } from '../difference.js';
import { PASSWORD, type Person, type Place, type PoolUnderTest } from '../pool-under-test.js';

const OWN = 'My-0wn-password';
const TOKENS = { AuthenticationResult: { AccessToken: String, IdToken: String } };

const begin = (pool: PoolUnderTest, { username, place }: Person) =>
  pool.initiate(place, 'USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD });

function answer(
  pool: PoolUnderTest,
  { username, place }: Person,
  Session: string | undefined,
  NEW_PASSWORD: string,
  more: Readonly<Record<string, string>> = {},
) {
  return pool.send(
    new RespondToAuthChallengeCommand({
      ClientId: place.clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: username, NEW_PASSWORD, ...more },
    }),
  );
}

/** A pool where everybody has a given name. */
const nameRequired = (pool: PoolUnderTest): Promise<Place> =>
  pool.newPlace({ Schema: [{ Name: 'given_name', AttributeDataType: 'String', Required: true }] });

export const newPassword: Topic = {
  name: 'new password',
  checks: [
    {
      name: 'a temporary password gets a challenge in place of tokens',
      source: pages.creating,
      run: async (pool) => {
        const person = await pool.addInvited({ name: 'Ada Example' });
        const begun = await begin(pool, person);
        expectShape('InitiateAuth', begun, {
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session: String,
          AuthenticationResult: absent,
          ChallengeParameters: { requiredAttributes: '[]', userAttributes: String },
        });
        const { userAttributes = '' } = begun.ChallengeParameters ?? {};
        expectShape('userAttributes', JSON.parse(userAttributes), { name: 'Ada Example' });
      },
    },
    {
      name: 'a new password confirms the user and signs in',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const person = await pool.addInvited();
        const { Session } = await begin(pool, person);
        expectShape('RespondToAuthChallenge', await answer(pool, person, Session, OWN), TOKENS);
        expectShape('AdminGetUser', await pool.user(person), { UserStatus: 'CONFIRMED' });
        await pool.signIn(person, person.place, OWN);
      },
    },
    {
      name: 'the temporary password is over then',
      source: pages.creating,
      run: async (pool) => {
        const person = await pool.addInvited();
        const { Session } = await begin(pool, person);
        await answer(pool, person, Session, OWN);
        await expectRefusal('InitiateAuth', begin(pool, person), 'NotAuthorizedException');
      },
    },
    {
      name: 'a wrong temporary password gets no challenge',
      source: api('InitiateAuth'),
      run: async (pool) => {
        const { username, place } = await pool.addInvited();
        await expectRefusal(
          'InitiateAuth',
          pool.initiate(place, 'USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD: OWN }),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a password against the policy is refused, and another may follow',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const person = await pool.addInvited();
        const { Session } = await begin(pool, person);
        await expectRefusal(
          'RespondToAuthChallenge',
          answer(pool, person, Session, 'short'),
          'InvalidPasswordException',
        );
        expectShape('AdminGetUser', await pool.user(person), {
          UserStatus: 'FORCE_CHANGE_PASSWORD',
        });
      },
    },
    {
      name: 'required attributes that are missing are named by the challenge',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const person = await pool.addInvited({}, await nameRequired(pool));
        const { ChallengeParameters } = await begin(pool, person);
        expectMembers(
          'requiredAttributes',
          JSON.parse(ChallengeParameters?.requiredAttributes ?? '[]'),
          ['userAttributes.given_name'],
        );
      },
    },
    {
      name: 'required attributes have to be given with the new password',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const person = await pool.addInvited({}, await nameRequired(pool));
        const { Session } = await begin(pool, person);
        await expectRefusal(
          'RespondToAuthChallenge without given_name',
          answer(pool, person, Session, OWN),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'attributes may be given with the new password',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const person = await pool.addInvited({}, await nameRequired(pool));
        const { Session } = await begin(pool, person);
        await answer(pool, person, Session, OWN, { 'userAttributes.given_name': 'Ada' });
        expectSame('given_name', (await pool.user(person)).attributes.given_name, 'Ada');
      },
    },
    {
      name: 'a session that nobody was given is a NotAuthorizedException',
      source: api('RespondToAuthChallenge'),
      run: async (pool) =>
        expectRefusal(
          'RespondToAuthChallenge',
          answer(pool, await pool.addInvited(), 'A'.repeat(64), OWN),
          'NotAuthorizedException',
        ),
    },
    {
      name: 'the session of one user is none of another',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { Session } = await begin(pool, await pool.addInvited());
        const other = await pool.addInvited();
        await expectRefusal(
          'RespondToAuthChallenge',
          answer(pool, other, Session, OWN),
          'NotAuthorizedException',
        );
        expectShape('AdminGetUser', await pool.user(other), {
          UserStatus: 'FORCE_CHANGE_PASSWORD',
        });
      },
    },
    {
      name: 'a server asks for the new password and passes it on',
      source: api('AdminRespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addInvited();
        const at = { UserPoolId: place.poolId, ClientId: place.clientId };
        const { ChallengeName, Session } = await pool.send(
          new AdminInitiateAuthCommand({
            ...at,
            AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: username, PASSWORD },
          }),
        );
        expectSame('ChallengeName', ChallengeName, 'NEW_PASSWORD_REQUIRED');
        const command = new AdminRespondToAuthChallengeCommand({
          ...at,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session,
          ChallengeResponses: { USERNAME: username, NEW_PASSWORD: OWN },
        });
        expectShape('AdminRespondToAuthChallenge', await pool.send(command), TOKENS);
      },
    },
    {
      name: 'a password that an administrator sets is temporary unless it is said to be permanent',
      source: api('AdminSetUserPassword'),
      run: async (pool) => {
        const person = await pool.addUser();
        const set = { ...person.ofUser, Password: OWN };
        await pool.send(new AdminSetUserPasswordCommand(set));
        expectShape('AdminGetUser', await pool.user(person), {
          UserStatus: 'FORCE_CHANGE_PASSWORD',
        });
        await pool.send(new AdminSetUserPasswordCommand({ ...set, Permanent: true }));
        expectShape('AdminGetUser', await pool.user(person), { UserStatus: 'CONFIRMED' });
        await pool.signIn(person, person.place, OWN);
      },
    },
    {
      name: 'an administrator keeps to the password policy as well',
      source: api('AdminSetUserPassword'),
      run: async (pool) => {
        const { ofUser } = await pool.addUser();
        await expectRefusal(
          'AdminSetUserPassword',
          pool.send(new AdminSetUserPasswordCommand({ ...ofUser, Password: 'short' })),
          'InvalidPasswordException',
        );
      },
    },
  ],
};
