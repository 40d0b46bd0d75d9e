import {
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { expectRefusal, expectShape } from '../difference.js';
import { type Person, type PoolUnderTest } from '../pool-under-test.js';

const OWN = 'My-0wn-password';

type Named = Pick<Person, 'username' | 'place'>;

const forgot = (pool: PoolUnderTest, { username, place }: Named) =>
  pool.send(new ForgotPasswordCommand({ ClientId: place.clientId, Username: username }));

const confirm = (
  pool: PoolUnderTest,
  { username, place }: Named,
  ConfirmationCode: string,
  Password = OWN,
) =>
  pool.send(
    new ConfirmForgotPasswordCommand({
      ClientId: place.clientId,
      Username: username,
      ConfirmationCode,
      Password,
    }),
  );

/** Somebody with a verified address, to which a code was sent. */
async function forgetful(pool: PoolUnderTest) {
  const email = pool.newEmail();
  const person = await pool.addUser({ email, email_verified: 'true' });
  const answer = await forgot(pool, person);
  return { person, email, answer };
}

export const forgottenPassword: Topic = {
  name: 'forgotten password',
  checks: [
    {
      name: 'a code goes to the verified address',
      source: api('ForgotPassword'),
      needs: 'mailbox',
      run: async (pool) => {
        const { answer } = await forgetful(pool);
        expectShape('ForgotPassword', answer, {
          CodeDeliveryDetails: {
            AttributeName: 'email',
            DeliveryMedium: 'EMAIL',
            Destination: /\*/,
          },
        });
      },
    },
    {
      name: 'the code sets a new password',
      source: api('ConfirmForgotPassword'),
      needs: 'mailbox',
      run: async (pool) => {
        const { person, email } = await forgetful(pool);
        await confirm(pool, person, await pool.lastCode(email));
        await pool.signIn(person, person.place, OWN);
        await expectRefusal(
          'InitiateAuth with the old password',
          pool.signIn(person),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'the old password works until another is set',
      source: api('ForgotPassword'),
      needs: 'mailbox',
      run: async (pool) => {
        const { person } = await forgetful(pool);
        await pool.signIn(person);
      },
    },
    {
      name: 'a wrong code is a CodeMismatchException',
      source: api('ConfirmForgotPassword'),
      needs: 'mailbox',
      run: async (pool) => {
        const { person, email } = await forgetful(pool);
        const wrong = (await pool.lastCode(email)) === '123456' ? '654321' : '123456';
        await expectRefusal(
          'ConfirmForgotPassword',
          confirm(pool, person, wrong),
          'CodeMismatchException',
        );
      },
    },
    {
      name: 'a code sets one password',
      source: api('ConfirmForgotPassword'),
      needs: 'mailbox',
      run: async (pool) => {
        const { person, email } = await forgetful(pool);
        const code = await pool.lastCode(email);
        await confirm(pool, person, code);
        await expectRefusal(
          'ConfirmForgotPassword for the second time',
          confirm(pool, person, code, 'An0ther-password'),
          'ExpiredCodeException',
          'CodeMismatchException',
        );
      },
    },
    {
      name: 'the new password keeps to the policy',
      source: api('ConfirmForgotPassword'),
      needs: 'mailbox',
      run: async (pool) => {
        const { person, email } = await forgetful(pool);
        await expectRefusal(
          'ConfirmForgotPassword',
          confirm(pool, person, await pool.lastCode(email), 'conforming'),
          'InvalidPasswordException',
        );
      },
    },
    {
      name: 'an administrator has a user set a new password',
      source: api('AdminResetUserPassword'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const person = await pool.addUser({ email, email_verified: 'true' });
        await pool.send(new AdminResetUserPasswordCommand(person.ofUser));
        expectShape('AdminGetUser', await pool.user(person), { UserStatus: 'RESET_REQUIRED' });
        await confirm(pool, person, await pool.lastCode(email));
        expectShape('AdminGetUser', await pool.user(person), { UserStatus: 'CONFIRMED' });
        await pool.signIn(person, person.place, OWN);
      },
    },
    {
      name: 'a client that hides who exists pretends to send a code to an unknown name',
      source: pages.existence,
      run: async (pool) =>
        expectShape(
          'ForgotPassword',
          await forgot(pool, { username: pool.newName(), place: await pool.shared() }),
          { CodeDeliveryDetails: { DeliveryMedium: String, Destination: String } },
        ),
    },
    {
      name: 'a client that hides who exists refuses the code of an unknown name as a wrong one',
      source: pages.existence,
      run: async (pool) =>
        expectRefusal(
          'ConfirmForgotPassword',
          confirm(pool, { username: pool.newName(), place: await pool.shared() }, '123456'),
          'CodeMismatchException',
          'ExpiredCodeException',
        ),
    },
    {
      name: 'a client of the older kind says that there is no such user',
      source: pages.existence,
      run: async (pool) => {
        const place = await pool.anotherClient({ PreventUserExistenceErrors: 'LEGACY' });
        const nobody = { username: pool.newName(), place };
        await expectRefusal('ForgotPassword', forgot(pool, nobody), 'UserNotFoundException');
        await expectRefusal(
          'ConfirmForgotPassword',
          confirm(pool, nobody, '123456'),
          'UserNotFoundException',
        );
      },
    },
    {
      name: 'without a verified address there is nowhere to send a code to',
      source: api('ForgotPassword'),
      run: async (pool) => {
        const place = await pool.anotherClient({ PreventUserExistenceErrors: 'LEGACY' });
        const { username } = await pool.addUser({ email: pool.newEmail() });
        await expectRefusal(
          'ForgotPassword',
          forgot(pool, { username, place }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a user who has a temporary password cannot reset it',
      source: api('ForgotPassword'),
      run: async (pool) => {
        const email = pool.newEmail();
        const person = await pool.addInvited({ email, email_verified: 'true' });
        await expectRefusal('ForgotPassword', forgot(pool, person), 'NotAuthorizedException');
      },
    },
    {
      name: 'a disabled user cannot reset a password',
      source: pages.existence,
      run: async (pool) => {
        const place = await pool.anotherClient({ PreventUserExistenceErrors: 'LEGACY' });
        const email = pool.newEmail();
        const { username, ofUser } = await pool.addUser({ email, email_verified: 'true' });
        await pool.send(new AdminDisableUserCommand(ofUser));
        await expectRefusal(
          'ForgotPassword',
          forgot(pool, { username, place }),
          'NotAuthorizedException',
        );
      },
    },
  ],
};
