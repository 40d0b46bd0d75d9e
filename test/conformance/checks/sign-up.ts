import {
  AdminCreateUserCommand,
  ConfirmSignUpCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, type Check, pages, type Topic } from '../check.js';
import { absent, expectRefusal, expectSame, expectShape } from '../difference.js';
import {
  attributeTypes,
  PASSWORD,
  type Person,
  type Place,
  type PoolUnderTest,
} from '../pool-under-test.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function signUp(
  pool: PoolUnderTest,
  { clientId }: Place,
  Username: string,
  attributes: Readonly<Record<string, string>> = {},
  Password = PASSWORD,
) {
  const UserAttributes = attributeTypes(attributes);
  return pool.send(new SignUpCommand({ ClientId: clientId, Username, Password, UserAttributes }));
}

function confirm(
  pool: PoolUnderTest,
  { username, place }: Pick<Person, 'username' | 'place'>,
  ConfirmationCode: string,
  ForceAliasCreation = false,
) {
  return pool.send(
    new ConfirmSignUpCommand({
      ClientId: place.clientId,
      Username: username,
      ConfirmationCode,
      ForceAliasCreation,
    }),
  );
}

const resend = (pool: PoolUnderTest, { username, place }: Pick<Person, 'username' | 'place'>) =>
  pool.send(new ResendConfirmationCodeCommand({ ClientId: place.clientId, Username: username }));

/** A code of the right form that is not this one. */
const otherThan = (code: string) => (code === '123456' ? '654321' : '123456');

const refusesPassword = (what: string, password: string): Check => ({
  name: `a password ${what} is refused`,
  source: pages.passwords,
  run: async (pool) =>
    expectRefusal(
      `SignUp with ${password}`,
      signUp(pool, await pool.quiet(), pool.newName(), {}, password),
      'InvalidPasswordException',
    ),
});

export const signUps: Topic = {
  name: 'sign-up',
  checks: [
    {
      name: 'a new user gets a sub and is not confirmed',
      source: api('SignUp'),
      run: async (pool) => {
        const person = await pool.signUp();
        expectShape('SignUp', person.answer, { UserSub: UUID, UserConfirmed: false });
        expectShape('AdminGetUser', await pool.user(person), {
          Username: person.username,
          UserStatus: 'UNCONFIRMED',
          Enabled: true,
          attributes: { sub: person.sub },
        });
      },
    },
    {
      name: 'a pool that verifies no address sends no code',
      source: pages.signUp,
      run: async (pool) => {
        const { answer } = await pool.signUp({ email: pool.newEmail() }, await pool.quiet());
        expectShape('SignUp', answer, { UserConfirmed: false, CodeDeliveryDetails: absent });
      },
    },
    {
      name: 'the answer says where the code went, and hides most of the address',
      source: api('CodeDeliveryDetailsType'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const { answer } = await pool.signUp({ email });
        expectShape('CodeDeliveryDetails', answer.CodeDeliveryDetails, {
          AttributeName: 'email',
          DeliveryMedium: 'EMAIL',
          Destination: /^.\*+@.\*+/,
        });
      },
    },
    refusesPassword('of seven characters', 'Abcde1!'),
    refusesPassword('without a capital letter', 'conform1ng!'),
    refusesPassword('without a small letter', 'CONFORM1NG!'),
    refusesPassword('without a digit', 'Conforming!'),
    refusesPassword('without a symbol', 'Conform1ng'),
    {
      name: 'a name is given once',
      source: api('SignUp'),
      run: async (pool) => {
        const { username, place } = await pool.signUp();
        await expectRefusal('SignUp', signUp(pool, place, username), 'UsernameExistsException');
      },
    },
    {
      name: 'case makes no other name where the pool says so',
      source: api('UsernameConfigurationType'),
      run: async (pool) => {
        const { username, place } = await pool.signUp();
        await expectRefusal(
          'SignUp in capitals',
          signUp(pool, place, username.toUpperCase()),
          'UsernameExistsException',
        );
      },
    },
    {
      name: 'case makes another name by default',
      source: api('UsernameConfigurationType'),
      run: async (pool) => {
        const place = await pool.newPlace();
        const name = pool.newName();
        const first = await signUp(pool, place, name);
        const second = await signUp(pool, place, name.toUpperCase());
        expectSame('that the users differ', first.UserSub !== second.UserSub, true);
      },
    },
    {
      name: 'a name may not look like an address where addresses are aliases',
      source: pages.attributes,
      run: async (pool) =>
        expectRefusal(
          'SignUp',
          signUp(pool, await pool.quiet(), pool.newEmail()),
          'InvalidParameterException',
        ),
    },
    {
      name: 'a name has to be an address where addresses are names',
      source: pages.attributes,
      run: async (pool) =>
        expectRefusal(
          'SignUp',
          signUp(pool, await pool.newPlace({ UsernameAttributes: ['email'] }), pool.newName()),
          'InvalidParameterException',
        ),
    },
    {
      name: 'where addresses are names, the user is named by their sub and has the address',
      source: pages.attributes,
      run: async (pool) => {
        const place = await pool.newPlace({ UsernameAttributes: ['email'] });
        const username = pool.newEmail();
        const { UserSub = '' } = await signUp(pool, place, username);
        const ofUser = { UserPoolId: place.poolId, Username: username };
        expectShape('AdminGetUser', await pool.user({ username, sub: UserSub, place, ofUser }), {
          Username: UserSub,
          attributes: { email: username },
        });
      },
    },
    {
      name: 'a client that is not there is a ResourceNotFoundException',
      source: api('SignUp'),
      run: async (pool) => {
        const { poolId } = await pool.quiet();
        await expectRefusal(
          'SignUp',
          signUp(pool, { poolId, clientId: '1example23456789abcdefghij' }, pool.newName()),
          'ResourceNotFoundException',
        );
      },
    },
    {
      name: 'a required attribute has to be given',
      source: pages.attributes,
      run: async (pool) => {
        const place = await pool.newPlace({
          Schema: [{ Name: 'given_name', AttributeDataType: 'String', Required: true }],
        });
        await expectRefusal(
          'SignUp without given_name',
          signUp(pool, place, pool.newName()),
          'InvalidParameterException',
        );
        await signUp(pool, place, pool.newName(), { given_name: 'Ada' });
      },
    },
    {
      name: 'an address has the form of an address',
      source: pages.attributes,
      run: async (pool) =>
        expectRefusal(
          'SignUp with email=nowhere',
          signUp(pool, await pool.quiet(), pool.newName(), { email: 'nowhere' }),
          'InvalidParameterException',
        ),
    },
    {
      name: 'a telephone number begins with a plus sign and its country',
      source: pages.attributes,
      run: async (pool) =>
        expectRefusal(
          'SignUp with phone_number=0301234567',
          signUp(pool, await pool.quiet(), pool.newName(), { phone_number: '0301234567' }),
          'InvalidParameterException',
        ),
    },
    {
      name: 'a custom attribute keeps to its length',
      source: api('StringAttributeConstraintsType'),
      run: async (pool) =>
        expectRefusal(
          'SignUp with a custom:team of 17 characters',
          signUp(pool, await pool.quiet(), pool.newName(), { 'custom:team': 'x'.repeat(17) }),
          'InvalidParameterException',
        ),
    },
    {
      name: 'custom attributes are kept',
      source: pages.attributes,
      run: async (pool) => {
        const person = await pool.signUp({ 'custom:team': 'blue', 'custom:level': '7' });
        expectShape('attributes', (await pool.user(person)).attributes, {
          'custom:team': 'blue',
          'custom:level': '7',
        });
      },
    },
    {
      name: 'the code confirms the user and verifies the address',
      source: pages.signUp,
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const person = await pool.signUp({ email });
        await confirm(pool, person, await pool.lastCode(email));
        expectShape('AdminGetUser', await pool.user(person), {
          UserStatus: 'CONFIRMED',
          attributes: { email, email_verified: 'true' },
        });
      },
    },
    {
      name: 'a wrong code is a CodeMismatchException and confirms nobody',
      source: api('ConfirmSignUp'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const person = await pool.signUp({ email });
        const wrong = otherThan(await pool.lastCode(email));
        await expectRefusal('ConfirmSignUp', confirm(pool, person, wrong), 'CodeMismatchException');
        expectShape('AdminGetUser', await pool.user(person), { UserStatus: 'UNCONFIRMED' });
      },
    },
    {
      name: 'nobody is confirmed twice',
      source: api('ConfirmSignUp'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const person = await pool.signUp({ email });
        const code = await pool.lastCode(email);
        await confirm(pool, person, code);
        await expectRefusal('ConfirmSignUp', confirm(pool, person, code), 'NotAuthorizedException');
      },
    },
    {
      name: 'a code sent again takes the place of the first',
      source: api('ResendConfirmationCode'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const person = await pool.signUp({ email });
        const first = await pool.lastCode(email);
        expectShape('ResendConfirmationCode', await resend(pool, person), {
          CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL' },
        });
        const second = await pool.lastCode(email);
        if (first !== second)
          await expectRefusal(
            'ConfirmSignUp with the first code',
            confirm(pool, person, first),
            'CodeMismatchException',
            'ExpiredCodeException',
          );
        await confirm(pool, person, second);
      },
    },
    {
      name: 'no code is sent again to a confirmed user',
      source: api('ResendConfirmationCode'),
      run: async (pool) => {
        const person = await pool.addUser();
        await expectRefusal(
          'ResendConfirmationCode',
          resend(pool, person),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a client that hides who exists pretends to send a code again',
      source: pages.existence,
      run: async (pool) =>
        expectShape(
          'ResendConfirmationCode',
          await resend(pool, { username: pool.newName(), place: await pool.shared() }),
          { CodeDeliveryDetails: { DeliveryMedium: String, Destination: String } },
        ),
    },
    {
      name: 'a client of the older kind says that there is nobody to send a code to',
      source: pages.existence,
      run: async (pool) => {
        const place = await pool.anotherClient({ PreventUserExistenceErrors: 'LEGACY' });
        const nobody = { username: pool.newName(), place };
        await expectRefusal(
          'ResendConfirmationCode',
          resend(pool, nobody),
          'UserNotFoundException',
        );
        await expectRefusal(
          'ConfirmSignUp',
          confirm(pool, nobody, '123456'),
          'UserNotFoundException',
        );
      },
    },
    {
      name: 'several users who are not confirmed may have one address',
      source: pages.attributes,
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        const [first, second] = [await pool.signUp({ email }), await pool.signUp({ email })];
        expectSame('that the users differ', first.sub !== second.sub, true);
      },
    },
    {
      name: 'an address that somebody else has verified is an AliasExistsException',
      source: api('ConfirmSignUp'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        await pool.addUser({ email, email_verified: 'true' });
        const second = await pool.signUp({ email });
        await expectRefusal(
          'ConfirmSignUp',
          confirm(pool, second, await pool.lastCode(email)),
          'AliasExistsException',
        );
      },
    },
    {
      name: 'ForceAliasCreation takes an address over from who had it',
      source: api('ConfirmSignUp'),
      needs: 'mailbox',
      run: async (pool) => {
        const email = pool.newEmail();
        await pool.addUser({ email, email_verified: 'true' });
        const second = await pool.signUp({ email });
        await confirm(pool, second, await pool.lastCode(email), true);
        const byAddress = { ...second, ofUser: { ...second.ofUser, Username: email } };
        expectShape('AdminGetUser by the address', await pool.user(byAddress), {
          Username: second.username,
        });
      },
    },
    {
      name: "an administrator cannot take another user's verified address either",
      source: api('AdminCreateUser'),
      run: async (pool) => {
        const email = pool.newEmail();
        const { place } = await pool.addUser({ email, email_verified: 'true' });
        await expectRefusal(
          'AdminCreateUser',
          pool.send(
            new AdminCreateUserCommand({
              UserPoolId: place.poolId,
              Username: pool.newName(),
              MessageAction: 'SUPPRESS',
              UserAttributes: attributeTypes({ email, email_verified: 'true' }),
            }),
          ),
          'AliasExistsException',
        );
      },
    },
  ],
};
