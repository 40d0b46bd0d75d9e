import { createHmac } from 'node:crypto';
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { absent, expectRefusal, expectSame, expectShape } from '../difference.js';
import { PASSWORD, type Place, type PoolUnderTest } from '../pool-under-test.js';
import { SrpClient } from '../srp-client.js';

const TOKENS = { AuthenticationResult: { AccessToken: String, IdToken: String } };

async function begin(
  pool: PoolUnderTest,
  place: Place,
  USERNAME: string,
  more: Readonly<Record<string, string>> = {},
) {
  const client = new SrpClient();
  const begun = await pool.initiate(place, 'USER_SRP_AUTH', { USERNAME, SRP_A: client.A, ...more });
  const challenge = begun.ChallengeParameters ?? {};
  return { client, begun, challenge };
}

type Begun = Awaited<ReturnType<typeof begin>>;

/** Answers PASSWORD_VERIFIER as it was begun, but for what is given. */
function prove(
  pool: PoolUnderTest,
  { poolId, clientId }: Place,
  { client, begun, challenge }: Begun,
  password = PASSWORD,
  more: Readonly<Record<string, string>> = {},
) {
  return pool.send(
    new RespondToAuthChallengeCommand({
      ClientId: clientId,
      ChallengeName: 'PASSWORD_VERIFIER',
      Session: begun.Session,
      ChallengeResponses: { ...client.answer(poolId, password, challenge), ...more },
    }),
  );
}

export const srp: Topic = {
  name: 'sign-in by SRP',
  checks: [
    {
      name: 'the first answer has salt, secret block, B and the name to use',
      source: pages.flows,
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        expectShape('InitiateAuth', (await begin(pool, place, username)).begun, {
          ChallengeName: 'PASSWORD_VERIFIER',
          ChallengeParameters: {
            SALT: /^[0-9a-f]+$/i,
            SECRET_BLOCK: /^[A-Za-z0-9+/]+=*$/,
            SRP_B: /^[0-9a-f]+$/i,
            USER_ID_FOR_SRP: username,
          },
          AuthenticationResult: absent,
        });
      },
    },
    {
      name: 'who knows the password gets tokens',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const begun = await begin(pool, place, username);
        expectShape('RespondToAuthChallenge', await prove(pool, place, begun), TOKENS);
      },
    },
    {
      name: 'a proof by another password is a NotAuthorizedException',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const begun = await begin(pool, place, username);
        await expectRefusal(
          'RespondToAuthChallenge',
          prove(pool, place, begun, 'Not-the-1-password'),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a signature that is none is a NotAuthorizedException',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const begun = await begin(pool, place, username);
        const PASSWORD_CLAIM_SIGNATURE = Buffer.alloc(32).toString('base64');
        await expectRefusal(
          'RespondToAuthChallenge',
          prove(pool, place, begun, PASSWORD, { PASSWORD_CLAIM_SIGNATURE }),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'the salt of a user stays the same, and B does not',
      source: pages.flows,
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const first = (await begin(pool, place, username)).challenge;
        const second = (await begin(pool, place, username)).challenge;
        expectSame('SALT', second.SALT, first.SALT);
        expectSame('whether SRP_B is another', second.SRP_B !== first.SRP_B, true);
      },
    },
    {
      name: 'a timestamp of another form is an InvalidParameterException',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const begun = await begin(pool, place, username);
        await expectRefusal(
          'RespondToAuthChallenge with an ISO timestamp',
          prove(pool, place, begun, PASSWORD, { TIMESTAMP: new Date().toISOString() }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a timestamp that was not signed is a NotAuthorizedException',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const begun = await begin(pool, place, username);
        await expectRefusal(
          'RespondToAuthChallenge with another timestamp',
          prove(pool, place, begun, PASSWORD, { TIMESTAMP: 'Mon Nov 9 06:00:00 UTC 2015' }),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'the proof of one exchange is none of another',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const first = await begin(pool, place, username);
        const second = await begin(pool, place, username);
        await expectRefusal(
          'RespondToAuthChallenge',
          prove(pool, place, { ...second, client: first.client }),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'an answer is good once',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const begun = await begin(pool, place, username);
        await prove(pool, place, begun);
        await expectRefusal(
          'RespondToAuthChallenge for the second time',
          prove(pool, place, begun),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a verified address is answered with the name to use in its place',
      source: pages.flows,
      run: async (pool) => {
        const email = pool.newEmail();
        const { username, place } = await pool.addUser({ email, email_verified: 'true' });
        const begun = await begin(pool, place, email);
        expectSame('USER_ID_FOR_SRP', begun.challenge.USER_ID_FOR_SRP, username);
        expectShape('RespondToAuthChallenge', await prove(pool, place, begun), TOKENS);
      },
    },
    {
      name: 'a client that hides who exists challenges an unknown name, always with one salt',
      source: pages.existence,
      run: async (pool) => {
        const place = await pool.shared();
        const name = pool.newName();
        const begun = await begin(pool, place, name);
        expectShape('InitiateAuth', begun.begun, {
          ChallengeName: 'PASSWORD_VERIFIER',
          ChallengeParameters: { SALT: String, SRP_B: String, USER_ID_FOR_SRP: String },
        });
        expectSame('SALT', (await begin(pool, place, name)).challenge.SALT, begun.challenge.SALT);
        await expectRefusal(
          'RespondToAuthChallenge',
          prove(pool, place, begun),
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
          begin(pool, place, pool.newName()),
          'UserNotFoundException',
        );
      },
    },
    {
      name: 'a user who is not confirmed is told so after the proof at the latest',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.signUp();
        await expectRefusal(
          'USER_SRP_AUTH',
          begin(pool, place, username).then((begun) => prove(pool, place, begun)),
          'UserNotConfirmedException',
        );
      },
    },
    {
      name: 'SRP_A has to be given',
      source: api('InitiateAuth'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        await expectRefusal(
          'InitiateAuth',
          pool.initiate(place, 'USER_SRP_AUTH', { USERNAME: username }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a flow that the client does not allow is an InvalidParameterException',
      source: pages.clients,
      run: async (pool) => {
        const { username } = await pool.addUser();
        const place = await pool.anotherClient({ ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] });
        await expectRefusal(
          'InitiateAuth',
          begin(pool, place, username),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a client with a secret shows it with both calls',
      source: pages.signUp,
      run: async (pool) => {
        const place = await pool.anotherClient({ GenerateSecret: true });
        const { username } = await pool.addUser({}, place);
        const SECRET_HASH = createHmac('sha256', place.clientSecret ?? '')
          .update(username + place.clientId)
          .digest('base64');
        await expectRefusal(
          'InitiateAuth without SECRET_HASH',
          begin(pool, place, username),
          'NotAuthorizedException',
        );
        const begun = await begin(pool, place, username, { SECRET_HASH });
        expectShape(
          'RespondToAuthChallenge',
          await prove(pool, place, begun, PASSWORD, { SECRET_HASH }),
          TOKENS,
        );
      },
    },
    {
      name: 'a server may sign users in by SRP as well',
      source: api('AdminRespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const at = { UserPoolId: place.poolId, ClientId: place.clientId };
        const client = new SrpClient();
        const begun = await pool.send(
          new AdminInitiateAuthCommand({
            ...at,
            AuthFlow: 'USER_SRP_AUTH',
            AuthParameters: { USERNAME: username, SRP_A: client.A },
          }),
        );
        const answer = new AdminRespondToAuthChallengeCommand({
          ...at,
          ChallengeName: 'PASSWORD_VERIFIER',
          Session: begun.Session,
          ChallengeResponses: client.answer(
            place.poolId,
            PASSWORD,
            begun.ChallengeParameters ?? {},
          ),
        });
        expectShape('AdminRespondToAuthChallenge', await pool.send(answer), TOKENS);
      },
    },
  ],
};
