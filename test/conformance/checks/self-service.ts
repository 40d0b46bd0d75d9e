import {
  AdminDeleteUserCommand,
  ChangePasswordCommand,
  DeleteUserAttributesCommand,
  DeleteUserCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { absent, expectRefusal, expectSame, expectShape } from '../difference.js';
import {
  attributeRecord,
  attributeTypes,
  PASSWORD,
  type PoolUnderTest,
} from '../pool-under-test.js';

const OWN = 'My-0wn-password';

async function signedIn(pool: PoolUnderTest, attributes: Readonly<Record<string, string>> = {}) {
  const person = await pool.addUser(attributes);
  const { AccessToken, IdToken } = await pool.signIn(person);
  return { person, AccessToken, IdToken };
}

const getUser = (pool: PoolUnderTest, AccessToken: string | undefined) =>
  pool.send(new GetUserCommand({ AccessToken }));

const update = (
  pool: PoolUnderTest,
  AccessToken: string | undefined,
  attributes: Readonly<Record<string, string>>,
) =>
  pool.send(
    new UpdateUserAttributesCommand({ AccessToken, UserAttributes: attributeTypes(attributes) }),
  );

const verify = (pool: PoolUnderTest, AccessToken: string | undefined, Code: string) =>
  pool.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }));

const change = (
  pool: PoolUnderTest,
  AccessToken: string | undefined,
  PreviousPassword: string,
  ProposedPassword: string,
) => pool.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }));

export const selfService: Topic = {
  name: 'self-service',
  checks: [
    {
      name: 'users read their name and attributes',
      source: api('GetUser'),
      run: async (pool) => {
        const { person, AccessToken } = await signedIn(pool, { name: 'Ada Example' });
        const answer = await getUser(pool, AccessToken);
        expectSame('Username', answer.Username, person.username);
        expectShape('UserAttributes', attributeRecord(answer.UserAttributes), {
          sub: person.sub,
          name: 'Ada Example',
        });
      },
    },
    {
      name: 'what is no access token is a NotAuthorizedException',
      source: api('GetUser'),
      run: async (pool) => {
        const { IdToken } = await signedIn(pool);
        for (const [what, token] of [
          ['nonsense', 'not-a-token'],
          ['an id token', IdToken],
        ] as const)
          await expectRefusal(
            `GetUser with ${what}`,
            getUser(pool, token),
            'NotAuthorizedException',
          );
      },
    },
    {
      name: 'an access token that was tampered with is a NotAuthorizedException',
      source: pages.verifying,
      run: async (pool) => {
        const { AccessToken = '' } = await signedIn(pool);
        const [header, payload = '', signature] = AccessToken.split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
        const longer = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 3600 }));
        await expectRefusal(
          'GetUser',
          getUser(pool, `${header}.${longer.toString('base64url')}.${signature}`),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'the token of a deleted user is refused',
      source: api('GetUser'),
      run: async (pool) => {
        const { person, AccessToken } = await signedIn(pool);
        await pool.send(new AdminDeleteUserCommand(person.ofUser));
        await expectRefusal(
          'GetUser',
          getUser(pool, AccessToken),
          'UserNotFoundException',
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'users write their attributes',
      source: api('UpdateUserAttributes'),
      run: async (pool) => {
        const { person, AccessToken } = await signedIn(pool, { name: 'Ada' });
        await update(pool, AccessToken, { name: 'Ada Example', nickname: 'ada' });
        expectShape('attributes', (await pool.user(person)).attributes, {
          name: 'Ada Example',
          nickname: 'ada',
        });
      },
    },
    {
      name: 'an empty value removes an attribute',
      source: api('UpdateUserAttributes'),
      run: async (pool) => {
        const { person, AccessToken } = await signedIn(pool, { nickname: 'ada' });
        await update(pool, AccessToken, { nickname: '' });
        const { nickname = '' } = (await pool.user(person)).attributes;
        expectSame('nickname', nickname, '');
      },
    },
    {
      name: 'users cannot say of themselves that an address is verified',
      source: pages.attributes,
      run: async (pool) => {
        const { AccessToken } = await signedIn(pool, { email: pool.newEmail() });
        await expectRefusal(
          'UpdateUserAttributes of email_verified',
          update(pool, AccessToken, { email_verified: 'true' }),
          'NotAuthorizedException',
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'users cannot change their sub',
      source: pages.attributes,
      run: async (pool) => {
        const { AccessToken } = await signedIn(pool);
        await expectRefusal(
          'UpdateUserAttributes of sub',
          update(pool, AccessToken, { sub: '00000000-0000-4000-8000-000000000000' }),
          'NotAuthorizedException',
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a new address is not verified, and gets a code',
      source: api('UpdateUserAttributes'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const old = { email: pool.newEmail(), email_verified: 'true' };
        const { person, AccessToken } = await signedIn(pool, old);
        const { CodeDeliveryDetailsList } = await update(pool, AccessToken, { email });
        expectShape('CodeDeliveryDetailsList', CodeDeliveryDetailsList, [
          { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: String },
        ]);
        expectShape('attributes', (await pool.user(person)).attributes, {
          email,
          email_verified: 'false',
        });
      },
    },
    {
      name: 'the code verifies the new address',
      source: api('VerifyUserAttribute'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const { person, AccessToken } = await signedIn(pool);
        await update(pool, AccessToken, { email });
        await verify(pool, AccessToken, await pool.lastCode(email));
        expectShape('attributes', (await pool.user(person)).attributes, { email_verified: 'true' });
      },
    },
    {
      name: 'a wrong code verifies nothing',
      source: api('VerifyUserAttribute'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const { AccessToken } = await signedIn(pool);
        await update(pool, AccessToken, { email });
        const wrong = (await pool.lastCode(email)) === '123456' ? '654321' : '123456';
        await expectRefusal(
          'VerifyUserAttribute',
          verify(pool, AccessToken, wrong),
          'CodeMismatchException',
        );
      },
    },
    {
      name: 'users may ask for a code',
      source: api('GetUserAttributeVerificationCode'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const { person, AccessToken } = await signedIn(pool, { email });
        const command = { AccessToken, AttributeName: 'email' };
        expectShape(
          'GetUserAttributeVerificationCode',
          await pool.send(new GetUserAttributeVerificationCodeCommand(command)),
          { CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL' } },
        );
        await verify(pool, AccessToken, await pool.lastCode(email));
        expectShape('attributes', (await pool.user(person)).attributes, { email_verified: 'true' });
      },
    },
    {
      name: 'an old address stays until the new one is verified, where the pool says so',
      source: api('UserAttributeUpdateSettingsType'),
      needs: 'mailbox',
      run: async (pool) => {
        const place = await pool.newPlace({
          AutoVerifiedAttributes: ['email'],
          UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
        });
        const [old, email] = [pool.newEmail(), pool.newEmail()];
        const person = await pool.addUser({ email: old, email_verified: 'true' }, place);
        const { AccessToken } = await pool.signIn(person);
        await update(pool, AccessToken, { email });
        expectShape('attributes', (await pool.user(person)).attributes, { email: old });
        await verify(pool, AccessToken, await pool.lastCode(email));
        expectShape('attributes', (await pool.user(person)).attributes, {
          email,
          email_verified: 'true',
        });
      },
    },
    {
      name: 'an address that somebody else has verified is an AliasExistsException',
      source: api('UpdateUserAttributes'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        await pool.addUser({ email, email_verified: 'true' });
        const { AccessToken } = await signedIn(pool);
        await expectRefusal(
          'UpdateUserAttributes, then VerifyUserAttribute',
          update(pool, AccessToken, { email }).then(async () =>
            verify(pool, AccessToken, await pool.lastCode(email)),
          ),
          'AliasExistsException',
        );
      },
    },
    {
      name: 'users remove attributes of theirs',
      source: api('DeleteUserAttributes'),
      run: async (pool) => {
        const { person, AccessToken } = await signedIn(pool, { nickname: 'ada', name: 'Ada' });
        await pool.send(
          new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames: ['nickname'] }),
        );
        expectShape('attributes', (await pool.user(person)).attributes, {
          nickname: absent,
          name: 'Ada',
        });
      },
    },
    {
      name: 'users change their password',
      source: api('ChangePassword'),
      run: async (pool) => {
        const { person, AccessToken } = await signedIn(pool);
        await change(pool, AccessToken, PASSWORD, OWN);
        await pool.signIn(person, person.place, OWN);
        await expectRefusal(
          'InitiateAuth with the old password',
          pool.signIn(person),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'the old password has to be right',
      source: api('ChangePassword'),
      run: async (pool) => {
        const { AccessToken } = await signedIn(pool);
        await expectRefusal(
          'ChangePassword',
          change(pool, AccessToken, 'Not-the-1-password', OWN),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'the new password keeps to the policy',
      source: api('ChangePassword'),
      run: async (pool) => {
        const { AccessToken } = await signedIn(pool);
        await expectRefusal(
          'ChangePassword',
          change(pool, AccessToken, PASSWORD, 'conforming'),
          'InvalidPasswordException',
        );
      },
    },
    {
      name: 'users delete themselves',
      source: api('DeleteUser'),
      run: async (pool) => {
        const { person, AccessToken } = await signedIn(pool);
        await pool.send(new DeleteUserCommand({ AccessToken }));
        await expectRefusal('AdminGetUser', pool.user(person), 'UserNotFoundException');
      },
    },
  ],
};
