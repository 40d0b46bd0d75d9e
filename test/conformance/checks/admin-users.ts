import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserAttributesCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, type Check, pages, type Topic } from '../check.js';
import { absent, expectRefusal, expectSame, expectShape } from '../difference.js';
import { attributeTypes, PASSWORD, type PoolUnderTest } from '../pool-under-test.js';

async function create(pool: PoolUnderTest, more: Partial<AdminCreateUserCommandInput> = {}) {
  const { poolId } = await pool.shared();
  return pool.send(
    new AdminCreateUserCommand({
      UserPoolId: poolId,
      Username: pool.newName(),
      MessageAction: 'SUPPRESS',
      ...more,
    }),
  );
}

async function nobody(pool: PoolUnderTest) {
  return { UserPoolId: (await pool.shared()).poolId, Username: pool.newName() };
}

const missesUser = (
  operation: string,
  call: (pool: PoolUnderTest, ofUser: Awaited<ReturnType<typeof nobody>>) => Promise<unknown>,
): Check => ({
  name: `${operation} of nobody is a UserNotFoundException`,
  source: api(operation),
  run: async (pool) =>
    expectRefusal(operation, call(pool, await nobody(pool)), 'UserNotFoundException'),
});

export const adminUsers: Topic = {
  name: "administrators' users",
  checks: [
    {
      name: 'a new user is enabled and has to change the password',
      source: api('AdminCreateUser'),
      run: async (pool) => {
        const Username = pool.newName();
        const { User } = await create(pool, { Username });
        expectShape('User', User, {
          Username,
          Enabled: true,
          UserStatus: 'FORCE_CHANGE_PASSWORD',
          UserCreateDate: Date,
          UserLastModifiedDate: Date,
        });
        const sub = User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value;
        expectShape('sub', sub, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      },
    },
    {
      name: 'a name is given once',
      source: api('AdminCreateUser'),
      run: async (pool) => {
        const { username } = await pool.addUser();
        await expectRefusal(
          'AdminCreateUser',
          create(pool, { Username: username }),
          'UsernameExistsException',
        );
      },
    },
    {
      name: 'the temporary password keeps to the policy',
      source: api('AdminCreateUser'),
      run: async (pool) =>
        expectRefusal(
          'AdminCreateUser',
          create(pool, { TemporaryPassword: 'short' }),
          'InvalidPasswordException',
        ),
    },
    {
      name: 'a new user is sent the name and a temporary password',
      source: pages.creating,
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const Username = pool.newName();
        await create(pool, {
          Username,
          MessageAction: undefined,
          DesiredDeliveryMediums: ['EMAIL'],
          UserAttributes: attributeTypes({ email, email_verified: 'true' }),
        });
        const { clientId, poolId } = await pool.shared();
        const password = await pool.lastPassword(email);
        expectShape(
          'InitiateAuth with the password sent',
          await pool.initiate({ clientId, poolId }, 'USER_PASSWORD_AUTH', {
            USERNAME: Username,
            PASSWORD: password,
          }),
          { ChallengeName: 'NEW_PASSWORD_REQUIRED' },
        );
      },
    },
    {
      name: 'RESEND sends another temporary password',
      source: api('AdminCreateUser'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const { username, place } = await pool.addInvited({ email, email_verified: 'true' });
        await create(pool, {
          Username: username,
          MessageAction: 'RESEND',
          DesiredDeliveryMediums: ['EMAIL'],
        });
        const password = await pool.lastPassword(email);
        expectShape(
          'InitiateAuth with the password sent',
          await pool.initiate(place, 'USER_PASSWORD_AUTH', {
            USERNAME: username,
            PASSWORD: password,
          }),
          { ChallengeName: 'NEW_PASSWORD_REQUIRED' },
        );
      },
    },
    {
      name: 'RESEND to nobody is a UserNotFoundException',
      source: api('AdminCreateUser'),
      run: async (pool) =>
        expectRefusal(
          'AdminCreateUser RESEND',
          create(pool, { MessageAction: 'RESEND' }),
          'UserNotFoundException',
        ),
    },
    {
      name: 'RESEND to a confirmed user is an UnsupportedUserStateException',
      source: api('AdminCreateUser'),
      run: async (pool) => {
        const { username } = await pool.addUser();
        await expectRefusal(
          'AdminCreateUser RESEND',
          create(pool, { Username: username, MessageAction: 'RESEND' }),
          'UnsupportedUserStateException',
        );
      },
    },
    {
      name: 'an administrator reads status, dates and attributes',
      source: api('AdminGetUser'),
      run: async (pool) => {
        const person = await pool.addUser({ name: 'Ada Example' });
        expectShape('AdminGetUser', await pool.user(person), {
          Username: person.username,
          UserStatus: 'CONFIRMED',
          Enabled: true,
          UserCreateDate: Date,
          UserLastModifiedDate: Date,
          attributes: { sub: person.sub, name: 'Ada Example' },
        });
      },
    },
    {
      name: 'an administrator reads a user by a verified address',
      source: pages.attributes,
      run: async (pool) => {
        const email = pool.newEmail();
        const { username, place } = await pool.addUser({ email, email_verified: 'true' });
        const ofUser = { UserPoolId: place.poolId, Username: email };
        expectShape('AdminGetUser', await pool.send(new AdminGetUserCommand(ofUser)), {
          Username: username,
        });
      },
    },
    {
      name: 'an administrator confirms a sign-up, and verifies no address by that',
      source: api('AdminConfirmSignUp'),
      needs: 'mailbox',
      run: async (pool) => {
        const person = await pool.signUp({ email: pool.newEmail() });
        await pool.send(new AdminConfirmSignUpCommand(person.ofUser));
        const found = await pool.user(person);
        expectShape('AdminGetUser', found, { UserStatus: 'CONFIRMED' });
        expectSame('email_verified', found.attributes.email_verified ?? 'false', 'false');
        await pool.signIn(person);
      },
    },
    {
      name: 'nobody is confirmed twice',
      source: api('AdminConfirmSignUp'),
      run: async (pool) => {
        const person = await pool.signUp();
        await pool.send(new AdminConfirmSignUpCommand(person.ofUser));
        await expectRefusal(
          'AdminConfirmSignUp',
          pool.send(new AdminConfirmSignUpCommand(person.ofUser)),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'an administrator writes attributes',
      source: api('AdminUpdateUserAttributes'),
      run: async (pool) => {
        const person = await pool.addUser({ name: 'Ada' });
        const UserAttributes = attributeTypes({ name: 'Ada Example', 'custom:team': 'blue' });
        await pool.send(new AdminUpdateUserAttributesCommand({ ...person.ofUser, UserAttributes }));
        expectShape('attributes', (await pool.user(person)).attributes, {
          name: 'Ada Example',
          'custom:team': 'blue',
        });
      },
    },
    {
      name: 'writing attributes moves the date of the last change',
      source: api('UserType'),
      run: async (pool) => {
        const person = await pool.addUser();
        const before = await pool.user(person);
        await new Promise((resolve) => setTimeout(resolve, 1100));
        const UserAttributes = attributeTypes({ name: 'Ada' });
        await pool.send(new AdminUpdateUserAttributesCommand({ ...person.ofUser, UserAttributes }));
        const after = await pool.user(person);
        const moved = Number(after.UserLastModifiedDate) > Number(before.UserLastModifiedDate);
        expectSame('whether UserLastModifiedDate is later', moved, true);
        expectSame('UserCreateDate', after.UserCreateDate, before.UserCreateDate);
      },
    },
    {
      name: 'an administrator removes attributes',
      source: api('AdminDeleteUserAttributes'),
      run: async (pool) => {
        const person = await pool.addUser({ nickname: 'ada', 'custom:team': 'blue', name: 'Ada' });
        const UserAttributeNames = ['nickname', 'custom:team'];
        await pool.send(
          new AdminDeleteUserAttributesCommand({ ...person.ofUser, UserAttributeNames }),
        );
        expectShape('attributes', (await pool.user(person)).attributes, {
          nickname: absent,
          'custom:team': absent,
          name: 'Ada',
        });
      },
    },
    {
      name: 'disabling and enabling show, and nothing else changes',
      source: api('AdminDisableUser'),
      run: async (pool) => {
        const person = await pool.addUser();
        await pool.send(new AdminDisableUserCommand(person.ofUser));
        expectShape('AdminGetUser', await pool.user(person), {
          Enabled: false,
          UserStatus: 'CONFIRMED',
        });
        await pool.send(new AdminEnableUserCommand(person.ofUser));
        expectShape('AdminGetUser', await pool.user(person), { Enabled: true });
      },
    },
    {
      name: 'a deleted user is gone, and the name is free again',
      source: api('AdminDeleteUser'),
      run: async (pool) => {
        const person = await pool.addUser();
        await pool.send(new AdminDeleteUserCommand(person.ofUser));
        await expectRefusal('AdminGetUser', pool.user(person), 'UserNotFoundException');
        const { User } = await create(pool, { Username: person.username });
        const sub = User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value;
        expectSame('whether the sub is another', sub !== person.sub, true);
      },
    },
    missesUser('AdminGetUser', (pool, ofUser) => pool.send(new AdminGetUserCommand(ofUser))),
    missesUser('AdminDeleteUser', (pool, ofUser) => pool.send(new AdminDeleteUserCommand(ofUser))),
    missesUser('AdminDisableUser', (pool, ofUser) =>
      pool.send(new AdminDisableUserCommand(ofUser)),
    ),
    missesUser('AdminSetUserPassword', (pool, ofUser) =>
      pool.send(new AdminSetUserPasswordCommand({ ...ofUser, Password: PASSWORD })),
    ),
    missesUser('AdminUpdateUserAttributes', (pool, ofUser) =>
      pool.send(
        new AdminUpdateUserAttributesCommand({
          ...ofUser,
          UserAttributes: attributeTypes({ name: 'Ada' }),
        }),
      ),
    ),
    {
      name: 'a pool that is not there is a ResourceNotFoundException',
      source: api('AdminGetUser'),
      run: async (pool) => {
        const ofUser = { UserPoolId: await pool.unknownPoolId(), Username: 'ada' };
        await expectRefusal(
          'AdminGetUser',
          pool.send(new AdminGetUserCommand(ofUser)),
          'ResourceNotFoundException',
        );
      },
    },
  ],
};
