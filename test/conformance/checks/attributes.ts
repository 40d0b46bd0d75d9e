import {
  AdminUpdateUserAttributesCommand,
  GetUserCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, type Check, pages, type Topic } from '../check.js';
import { absent, expectMembers, expectRefusal, expectSame, expectShape } from '../difference.js';
import {
  attributeRecord,
  attributeTypes,
  PASSWORD,
  type Person,
  type PoolUnderTest,
} from '../pool-under-test.js';

type Attributes = Readonly<Record<string, string>>;

const write = (pool: PoolUnderTest, { ofUser }: Person, attributes: Attributes) =>
  pool.send(
    new AdminUpdateUserAttributesCommand({ ...ofUser, UserAttributes: attributeTypes(attributes) }),
  );

const refuses = (name: string, source: Check['source'], attributes: Attributes): Check => ({
  name,
  source,
  run: async (pool) =>
    expectRefusal(
      `AdminUpdateUserAttributes of ${JSON.stringify(attributes)}`,
      write(pool, await pool.addUser(), attributes),
      'InvalidParameterException',
    ),
});

/** A person at a client that may read and write these attributes alone. */
async function limited(pool: PoolUnderTest, attributes: Attributes = {}) {
  const place = await pool.anotherClient({
    ReadAttributes: ['name', 'nickname'],
    WriteAttributes: ['nickname'],
  });
  const person = await pool.addUser(attributes, place);
  const { AccessToken } = await pool.signIn(person);
  return { place, person, AccessToken };
}

export const attributes: Topic = {
  name: 'attributes',
  checks: [
    refuses('an attribute that the schema lacks is refused', pages.attributes, {
      'custom:nowhere': 'x',
    }),
    refuses('a custom text keeps to its greatest length', api('StringAttributeConstraintsType'), {
      'custom:team': 'x'.repeat(17),
    }),
    refuses('a custom number keeps to its greatest value', api('NumberAttributeConstraintsType'), {
      'custom:level': '11',
    }),
    refuses('a custom number keeps to its least value', api('NumberAttributeConstraintsType'), {
      'custom:level': '0',
    }),
    refuses('a custom number is a number', pages.attributes, { 'custom:level': 'many' }),
    refuses('an address has the form of an address', pages.attributes, { email: 'nowhere' }),
    refuses('a telephone number begins with a plus sign', pages.attributes, {
      phone_number: '0301234567',
    }),
    refuses('a date of birth is YYYY-MM-DD', pages.attributes, { birthdate: '1.1.2000' }),
    {
      name: 'an attribute that is not mutable is set once',
      source: pages.attributes,
      run: async (pool) => {
        const person = await pool.addUser({ 'custom:badge': 'A1' });
        await expectRefusal(
          'AdminUpdateUserAttributes of custom:badge',
          write(pool, person, { 'custom:badge': 'B2' }),
          'InvalidParameterException',
        );
        expectShape('attributes', (await pool.user(person)).attributes, { 'custom:badge': 'A1' });
      },
    },
    {
      name: 'a refused change changes nothing',
      source: api('AdminUpdateUserAttributes'),
      run: async (pool) => {
        const person = await pool.addUser({ name: 'Ada' });
        await expectRefusal(
          'AdminUpdateUserAttributes',
          write(pool, person, { name: 'Eve', 'custom:level': '11' }),
          'InvalidParameterException',
        );
        expectSame('name', (await pool.user(person)).attributes.name, 'Ada');
      },
    },
    {
      name: 'a client may write every standard attribute unless it is told otherwise',
      source: pages.attributes,
      run: async (pool) => {
        const person = await pool.addUser();
        const { AccessToken } = await pool.signIn(person);
        const given = { name: 'Ada Example', locale: 'de', picture: 'https://example.com/a.png' };
        await pool.send(
          new UpdateUserAttributesCommand({ AccessToken, UserAttributes: attributeTypes(given) }),
        );
        expectShape('attributes', (await pool.user(person)).attributes, given);
      },
    },
    {
      name: 'a client writes the attributes that it may write',
      source: api('CreateUserPoolClient'),
      run: async (pool) => {
        const { person, AccessToken } = await limited(pool);
        const UserAttributes = attributeTypes({ nickname: 'ada' });
        await pool.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }));
        expectShape('attributes', (await pool.user(person)).attributes, { nickname: 'ada' });
      },
    },
    {
      name: 'a client that writes another attribute is a NotAuthorizedException',
      source: pages.attributes,
      run: async (pool) => {
        const { AccessToken } = await limited(pool);
        const UserAttributes = attributeTypes({ name: 'Ada' });
        await expectRefusal(
          'UpdateUserAttributes',
          pool.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes })),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a sign-up with an attribute that the client may not write is refused',
      source: pages.attributes,
      run: async (pool) => {
        const { poolId } = await pool.quiet();
        const place = await pool.newClient(poolId, { WriteAttributes: ['nickname'] });
        const command = new SignUpCommand({
          ClientId: place.clientId,
          Username: pool.newName(),
          Password: PASSWORD,
          UserAttributes: attributeTypes({ name: 'Ada' }),
        });
        await expectRefusal('SignUp', pool.send(command), 'NotAuthorizedException');
      },
    },
    {
      name: 'GetUser tells only what the client may read',
      source: pages.attributes,
      run: async (pool) => {
        const { AccessToken } = await limited(pool, { name: 'Ada', locale: 'de' });
        const { UserAttributes } = await pool.send(new GetUserCommand({ AccessToken }));
        expectShape('UserAttributes', attributeRecord(UserAttributes), {
          name: 'Ada',
          locale: absent,
        });
      },
    },
    {
      name: 'an attribute is listed once',
      source: api('AdminGetUser'),
      run: async (pool) => {
        const person = await pool.addUser({ name: 'Ada' });
        await write(pool, person, { name: 'Ada Example' });
        const { UserAttributes = [] } = await pool.user(person);
        const named = UserAttributes.filter(({ Name }) => Name === 'name');
        expectMembers(
          'the values of name',
          named.map(({ Value }) => Value),
          ['Ada Example'],
        );
      },
    },
    {
      name: 'a changed address is not verified any more',
      source: api('AdminUpdateUserAttributes'),
      needs: 'mailbox',
      run: async (pool) => {
        const person = await pool.addUser({ email: pool.newEmail(), email_verified: 'true' });
        await write(pool, person, { email: pool.newEmail() });
        const { email_verified = 'false' } = (await pool.user(person)).attributes;
        expectSame('email_verified', email_verified, 'false');
      },
    },
  ],
};
