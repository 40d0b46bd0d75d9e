import {
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  ListUserPoolsCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { expectRefusal, expectSame, expectShape } from '../difference.js';
import { PASSWORD, type PoolUnderTest } from '../pool-under-test.js';

async function described(pool: PoolUnderTest, UserPoolId: string) {
  return (await pool.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool;
}

/** Every pool of the account, two in a page. */
function everyPool(pool: PoolUnderTest) {
  return pool.everyPage('ListUserPools', async (NextToken) => {
    const answer = await pool.send(new ListUserPoolsCommand({ MaxResults: 2, NextToken }));
    return [answer.UserPools, answer.NextToken] as const;
  });
}

export const pools: Topic = {
  name: 'pools',
  checks: [
    {
      name: 'a new pool has an id that begins with its region, its name and its dates',
      source: api('UserPoolType'),
      run: async (pool) => {
        const PoolName = pool.newName('pool');
        const Id = await pool.newPool({ PoolName });
        expectShape('UserPool', await described(pool, Id), {
          Id: /^[\w-]+_[0-9a-zA-Z]+$/,
          Name: PoolName,
          CreationDate: Date,
          LastModifiedDate: Date,
          EstimatedNumberOfUsers: Number,
        });
      },
    },
    {
      name: 'what is fixed at creation is described as it was given',
      source: api('CreateUserPool'),
      run: async (pool) => {
        const settings = {
          AliasAttributes: ['email' as const],
          AutoVerifiedAttributes: ['email' as const],
          UsernameConfiguration: { CaseSensitive: false },
        };
        expectShape('UserPool', await described(pool, await pool.newPool(settings)), settings);
      },
    },
    {
      name: 'the default password policy asks for eight characters of four kinds',
      source: pages.passwords,
      run: async (pool) => {
        const found = await described(pool, await pool.newPool());
        expectShape('UserPool.Policies.PasswordPolicy', found?.Policies?.PasswordPolicy, {
          MinimumLength: 8,
          RequireUppercase: true,
          RequireLowercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          TemporaryPasswordValidityDays: 7,
        });
      },
    },
    {
      name: 'a password policy of fewer than six characters is refused',
      source: api('PasswordPolicyType'),
      run: async (pool) => {
        const Policies = { PasswordPolicy: { MinimumLength: 5 } };
        await expectRefusal(
          'CreateUserPool',
          pool.newPool({ Policies }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'the schema has the standard attributes, sub required and fixed',
      source: pages.attributes,
      run: async (pool) => {
        const schema = (await described(pool, await pool.newPool()))?.SchemaAttributes ?? [];
        for (const name of ['email', 'phone_number', 'given_name', 'family_name', 'picture'])
          expectShape(
            name,
            schema.find(({ Name }) => Name === name),
            { Required: false },
          );
        expectShape(
          'sub',
          schema.find(({ Name }) => Name === 'sub'),
          {
            AttributeDataType: 'String',
            Required: true,
            Mutable: false,
          },
        );
      },
    },
    {
      name: 'a custom attribute gets the prefix custom:',
      source: pages.attributes,
      run: async (pool) => {
        const id = await pool.newPool({
          Schema: [{ Name: 'team', AttributeDataType: 'String', Mutable: true }],
        });
        const schema = (await described(pool, id))?.SchemaAttributes ?? [];
        expectShape(
          'custom:team',
          schema.find(({ Name }) => Name === 'custom:team'),
          {
            AttributeDataType: 'String',
            Mutable: true,
          },
        );
      },
    },
    {
      name: 'a custom attribute cannot be required',
      source: pages.attributes,
      run: async (pool) => {
        const Schema = [{ Name: 'team', AttributeDataType: 'String' as const, Required: true }];
        await expectRefusal(
          'CreateUserPool',
          pool.newPool({ Schema }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'alias attributes and username attributes exclude each other',
      source: pages.attributes,
      run: async (pool) => {
        await expectRefusal(
          'CreateUserPool',
          pool.newPool({ AliasAttributes: ['email'], UsernameAttributes: ['email'] }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a pool needs a name',
      source: api('CreateUserPool'),
      run: async (pool) => {
        await expectRefusal(
          'CreateUserPool with an empty PoolName',
          pool.send(new CreateUserPoolCommand({ PoolName: '' })),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a pool that is not there is a ResourceNotFoundException',
      source: api('DescribeUserPool'),
      run: async (pool) => {
        await expectRefusal(
          'DescribeUserPool',
          described(pool, await pool.unknownPoolId()),
          'ResourceNotFoundException',
        );
      },
    },
    {
      name: 'a pool under deletion protection is not deleted',
      source: pages.deletionProtection,
      run: async (pool) => {
        const UserPoolId = await pool.newPool({ DeletionProtection: 'ACTIVE' });
        await expectRefusal(
          'DeleteUserPool',
          pool.send(new DeleteUserPoolCommand({ UserPoolId })),
          'InvalidParameterException',
        );
        expectShape('UserPool', await described(pool, UserPoolId), {
          DeletionProtection: 'ACTIVE',
        });
      },
    },
    {
      name: 'a pool can be deleted once its protection is off, and is gone then',
      source: pages.deletionProtection,
      run: async (pool) => {
        const UserPoolId = await pool.newPool({ DeletionProtection: 'ACTIVE' });
        await pool.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }));
        await pool.send(new DeleteUserPoolCommand({ UserPoolId }));
        await expectRefusal(
          'DescribeUserPool of a deleted pool',
          described(pool, UserPoolId),
          'ResourceNotFoundException',
        );
      },
    },
    {
      name: 'a new pool is not protected from deletion unless that is asked for',
      source: api('CreateUserPool'),
      run: async (pool) => {
        const UserPoolId = await pool.newPool();
        await pool.send(new DeleteUserPoolCommand({ UserPoolId }));
      },
    },
    {
      name: 'an update sets what it does not name back to its default',
      source: pages.updating,
      run: async (pool) => {
        const UserPoolId = await pool.newPool({
          Policies: { PasswordPolicy: { MinimumLength: 14, RequireSymbols: true } },
          AutoVerifiedAttributes: ['email'],
          AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        });
        await pool.send(new UpdateUserPoolCommand({ UserPoolId }));
        const found = await described(pool, UserPoolId);
        expectSame('MinimumLength', found?.Policies?.PasswordPolicy?.MinimumLength, 8);
        expectSame('AutoVerifiedAttributes', found?.AutoVerifiedAttributes ?? [], []);
        expectSame(
          'AllowAdminCreateUserOnly',
          found?.AdminCreateUserConfig?.AllowAdminCreateUserOnly ?? false,
          false,
        );
      },
    },
    {
      name: 'an update keeps what it names',
      source: api('UpdateUserPool'),
      run: async (pool) => {
        const settings = {
          Policies: {
            PasswordPolicy: {
              MinimumLength: 10,
              RequireLowercase: true,
              RequireUppercase: false,
              RequireNumbers: true,
              RequireSymbols: false,
            },
          },
          AutoVerifiedAttributes: ['email' as const],
        };
        const UserPoolId = await pool.newPool();
        await pool.send(new UpdateUserPoolCommand({ UserPoolId, ...settings }));
        expectShape('UserPool', await described(pool, UserPoolId), settings);
      },
    },
    {
      name: 'a pool where only administrators create users refuses sign-ups',
      source: api('AdminCreateUserConfigType'),
      run: async (pool) => {
        const { clientId } = await pool.newPlace({
          AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        });
        await expectRefusal(
          'SignUp',
          pool.send(
            new SignUpCommand({
              ClientId: clientId,
              Username: pool.newName(),
              Password: PASSWORD,
            }),
          ),
          'NotAuthorizedException',
        );
      },
    },
    {
      name: 'a list of pools comes in pages that end and name each pool once',
      source: api('ListUserPools'),
      run: async (pool) => {
        const made = [await pool.newPool(), await pool.newPool(), await pool.newPool()];
        await pool.eventually(async () => {
          const ids = (await everyPool(pool)).map(({ Id }) => Id);
          for (const id of made)
            expectSame(`how often ${id} is listed`, ids.filter((found) => found === id).length, 1);
        });
      },
    },
    {
      name: 'a listed pool tells its id, name and dates',
      source: api('UserPoolDescriptionType'),
      run: async (pool) => {
        const PoolName = pool.newName('pool');
        const id = await pool.newPool({ PoolName });
        await pool.eventually(async () => {
          const found = (await everyPool(pool)).find(({ Id }) => Id === id);
          expectShape('UserPools[]', found, {
            Name: PoolName,
            CreationDate: Date,
            LastModifiedDate: Date,
          });
        });
      },
    },
    {
      name: 'a page of pools has at most sixty',
      source: api('ListUserPools'),
      run: async (pool) => {
        for (const MaxResults of [0, 61])
          await expectRefusal(
            `ListUserPools of ${MaxResults}`,
            pool.send(new ListUserPoolsCommand({ MaxResults })),
            'InvalidParameterException',
          );
      },
    },
  ],
};
