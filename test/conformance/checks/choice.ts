import {
  ConfirmSignUpCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { expectMembers, expectRefusal, expectSame, expectShape } from '../difference.js';
import { PASSWORD, type Place, type PoolUnderTest } from '../pool-under-test.js';
import { SrpClient } from '../srp-client.js';
import { claimsOf } from '../token.js';

const TOKENS = { AuthenticationResult: { AccessToken: String, IdToken: String } };

function select(
  pool: PoolUnderTest,
  { clientId }: Place,
  session: string | undefined,
  answer: Record<string, string>,
) {
  return pool.send(
    new RespondToAuthChallengeCommand({
      ClientId: clientId,
      ChallengeName: 'SELECT_CHALLENGE',
      Session: session,
      ChallengeResponses: answer,
    }),
  );
}

export const choice: Topic = {
  name: 'sign-in by choice',
  checks: [
    {
      name: 'who states no preference is asked for one',
      source: pages.flows,
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const answer = await pool.initiate(place, 'USER_AUTH', { USERNAME: username });
        expectShape('InitiateAuth', answer, { ChallengeName: 'SELECT_CHALLENGE', Session: String });
        expectMembers('AvailableChallenges', answer.AvailableChallenges, [
          'PASSWORD',
          'PASSWORD_SRP',
        ]);
      },
    },
    {
      name: 'who prefers the password and gives it is signed in at once',
      source: pages.flows,
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        expectShape(
          'InitiateAuth',
          await pool.initiate(place, 'USER_AUTH', {
            USERNAME: username,
            PREFERRED_CHALLENGE: 'PASSWORD',
            PASSWORD,
          }),
          TOKENS,
        );
      },
    },
    {
      name: 'a wrong password is a NotAuthorizedException here too',
      source: pages.flows,
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        await expectRefusal(
          'InitiateAuth',
          pool.initiate(place, 'USER_AUTH', {
            USERNAME: username,
            PREFERRED_CHALLENGE: 'PASSWORD',
            PASSWORD: 'Not-the-1-password',
          }),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'who prefers SRP is challenged by it, and signs in',
      source: pages.flows,
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const client = new SrpClient();
        const begun = await pool.initiate(place, 'USER_AUTH', {
          USERNAME: username,
          PREFERRED_CHALLENGE: 'PASSWORD_SRP',
          SRP_A: client.A,
        });
        expectShape('InitiateAuth', begun, { ChallengeName: 'PASSWORD_VERIFIER' });
        const { poolId, clientId } = place;
        const answer = new RespondToAuthChallengeCommand({
          ClientId: clientId,
          ChallengeName: 'PASSWORD_VERIFIER',
          Session: begun.Session,
          ChallengeResponses: client.answer(poolId, PASSWORD, begun.ChallengeParameters ?? {}),
        });
        expectShape('RespondToAuthChallenge', await pool.send(answer), TOKENS);
      },
    },
    {
      name: 'the password may be chosen and given when asked',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const { Session } = await pool.initiate(place, 'USER_AUTH', { USERNAME: username });
        expectShape(
          'RespondToAuthChallenge SELECT_CHALLENGE',
          await select(pool, place, Session, { USERNAME: username, ANSWER: 'PASSWORD', PASSWORD }),
          TOKENS,
        );
      },
    },
    {
      name: 'SRP may be chosen when asked',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const { Session } = await pool.initiate(place, 'USER_AUTH', { USERNAME: username });
        expectShape(
          'RespondToAuthChallenge SELECT_CHALLENGE',
          await select(pool, place, Session, {
            USERNAME: username,
            ANSWER: 'PASSWORD_SRP',
            SRP_A: new SrpClient().A,
          }),
          { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters: { SRP_B: String } },
        );
      },
    },
    {
      name: 'a session that nobody was given is a NotAuthorizedException',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        await expectRefusal(
          'RespondToAuthChallenge SELECT_CHALLENGE',
          select(pool, place, 'A'.repeat(64), { USERNAME: username, ANSWER: 'PASSWORD', PASSWORD }),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a session is of one client',
      source: api('RespondToAuthChallenge'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const { Session } = await pool.initiate(place, 'USER_AUTH', { USERNAME: username });
        await expectRefusal(
          'RespondToAuthChallenge at another client',
          select(pool, await pool.anotherClient(), Session, {
            USERNAME: username,
            ANSWER: 'PASSWORD',
            PASSWORD,
          }),
          'NotAuthorizedException',
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
          'InitiateAuth USER_AUTH',
          pool.initiate(place, 'USER_AUTH', { USERNAME: username }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'the session of a confirmed sign-up signs in without a password, once',
      source: pages.flows,
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const { username, place, answer, sub } = await pool.signUp({ email });
        const { Session } = await pool.send(
          new ConfirmSignUpCommand({
            ClientId: place.clientId,
            Username: username,
            ConfirmationCode: await pool.lastCode(email),
            Session: answer.Session,
          }),
        );
        const signIn = () => pool.initiate(place, 'USER_AUTH', { USERNAME: username }, Session);
        const { AuthenticationResult } = await signIn();
        expectSame('sub', claimsOf(AuthenticationResult?.AccessToken).sub, sub);
        await expectRefusal('InitiateAuth for the second time', signIn(), 'NotAuthorizedException');
      },
    },
  ],
};
