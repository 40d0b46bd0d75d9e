import {
  type CreateUserPoolClientCommandInput,
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientsCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, type Check, pages, type Topic } from '../check.js';
import { absent, expectMembers, expectRefusal, expectSame, expectShape } from '../difference.js';
import { PASSWORD, type Place, type PoolUnderTest } from '../pool-under-test.js';

const ofClient = ({ poolId, clientId }: Place) => ({ UserPoolId: poolId, ClientId: clientId });

async function described(pool: PoolUnderTest, place: Place) {
  return (await pool.send(new DescribeUserPoolClientCommand(ofClient(place)))).UserPoolClient;
}

type Settings = Partial<CreateUserPoolClientCommandInput>;

function refusesClient(name: string, source: Check['source'], settings: Settings): Check {
  return {
    name,
    source,
    run: async (pool) =>
      expectRefusal(
        `CreateUserPoolClient of ${JSON.stringify(settings)}`,
        pool.anotherClient(settings),
        'InvalidParameterException',
      ),
  };
}

const minutes = (AccessToken: number): Settings => ({
  AccessTokenValidity: AccessToken,
  TokenValidityUnits: { AccessToken: 'minutes' },
});

export const clients: Topic = {
  name: 'clients',
  checks: [
    {
      name: 'a new client has an id, its name and its pool, and no secret',
      source: api('UserPoolClientType'),
      run: async (pool) => {
        const place = await pool.anotherClient({ ClientName: 'a browser' });
        expectShape('UserPoolClient', await described(pool, place), {
          ClientId: /^[\w+]+$/,
          ClientName: 'a browser',
          UserPoolId: place.poolId,
          ClientSecret: absent,
          CreationDate: Date,
          LastModifiedDate: Date,
        });
      },
    },
    {
      name: 'GenerateSecret gives a client a secret, which stays readable',
      source: api('CreateUserPoolClient'),
      run: async (pool) => {
        const place = await pool.anotherClient({ GenerateSecret: true });
        expectShape('ClientSecret at creation', place.clientSecret, /^[\w+]{24,64}$/);
        expectShape('UserPoolClient', await described(pool, place), {
          ClientSecret: place.clientSecret,
        });
      },
    },
    {
      name: 'an update leaves the secret as it was',
      source: pages.updating,
      run: async (pool) => {
        const place = await pool.anotherClient({ GenerateSecret: true });
        await pool.send(
          new UpdateUserPoolClientCommand({ ...ofClient(place), ClientName: 'renamed' }),
        );
        expectShape('UserPoolClient', await described(pool, place), {
          ClientSecret: place.clientSecret,
          ClientName: 'renamed',
        });
      },
    },
    {
      name: 'refresh tokens live for 30 days and can be revoked unless that is set otherwise',
      source: api('CreateUserPoolClient'),
      run: async (pool) => {
        expectShape('UserPoolClient', await described(pool, await pool.anotherClient()), {
          RefreshTokenValidity: 30,
          EnableTokenRevocation: true,
        });
      },
    },
    {
      name: 'token lifetimes are described as they were given',
      source: api('UserPoolClientType'),
      run: async (pool) => {
        const settings = {
          AccessTokenValidity: 10,
          IdTokenValidity: 2,
          RefreshTokenValidity: 90,
          TokenValidityUnits: {
            AccessToken: 'minutes' as const,
            IdToken: 'hours' as const,
            RefreshToken: 'days' as const,
          },
        };
        expectShape(
          'UserPoolClient',
          await described(pool, await pool.anotherClient(settings)),
          settings,
        );
      },
    },
    refusesClient(
      'an access token may not live shorter than five minutes',
      api('CreateUserPoolClient'),
      minutes(4),
    ),
    refusesClient(
      'an access token may not live longer than a day',
      api('CreateUserPoolClient'),
      minutes(24 * 60 + 1),
    ),
    refusesClient('an id token may not live longer than a day', api('CreateUserPoolClient'), {
      IdTokenValidity: 25,
      TokenValidityUnits: { IdToken: 'hours' },
    }),
    refusesClient('a refresh token may not live shorter than an hour', pages.refreshToken, {
      RefreshTokenValidity: 59,
      TokenValidityUnits: { RefreshToken: 'minutes' },
    }),
    refusesClient('a refresh token may not live longer than ten years', pages.refreshToken, {
      RefreshTokenValidity: 3651,
      TokenValidityUnits: { RefreshToken: 'days' },
    }),
    refusesClient('flows with and without ALLOW_ cannot be combined', api('CreateUserPoolClient'), {
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'USER_PASSWORD_AUTH'],
    }),
    refusesClient('rotation excludes the flow ALLOW_REFRESH_TOKEN_AUTH', pages.refreshToken, {
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    }),
    refusesClient(
      'the grace period of rotation is at most a minute',
      api('RefreshTokenRotationType'),
      {
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 61 },
      },
    ),
    refusesClient('a session lasts at most 15 minutes', api('CreateUserPoolClient'), {
      AuthSessionValidity: 16,
    }),
    {
      name: 'a client without flows allows SRP and no bare passwords',
      source: api('CreateUserPoolClient'),
      run: async (pool) => {
        const place = await pool.anotherClient({ ExplicitAuthFlows: undefined });
        const { username } = await pool.addUser();
        expectShape(
          'InitiateAuth USER_SRP_AUTH',
          await pool.initiate(place, 'USER_SRP_AUTH', { USERNAME: username, SRP_A: 'abcdef' }),
          { ChallengeName: 'PASSWORD_VERIFIER' },
        );
        await expectRefusal(
          'InitiateAuth USER_PASSWORD_AUTH',
          pool.initiate(place, 'USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'an update sets what it does not name back to its default',
      source: pages.updating,
      run: async (pool) => {
        const place = await pool.anotherClient({
          RefreshTokenValidity: 90,
          AccessTokenValidity: 2,
          EnableTokenRevocation: true,
        });
        await pool.send(new UpdateUserPoolClientCommand(ofClient(place)));
        const found = await described(pool, place);
        expectSame('RefreshTokenValidity', found?.RefreshTokenValidity, 30);
        const { username } = await pool.addUser();
        await expectRefusal(
          'InitiateAuth USER_PASSWORD_AUTH after the update',
          pool.initiate(place, 'USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD }),
          'InvalidParameterException',
        );
      },
    },
    {
      name: 'a client that is not there is a ResourceNotFoundException',
      source: api('DescribeUserPoolClient'),
      run: async (pool) => {
        const { poolId } = await pool.shared();
        await expectRefusal(
          'DescribeUserPoolClient',
          described(pool, { poolId, clientId: '1example23456789abcdefghij' }),
          'ResourceNotFoundException',
        );
      },
    },
    {
      name: 'a client is known to its own pool alone',
      source: api('DescribeUserPoolClient'),
      run: async (pool) => {
        const { clientId } = await pool.shared();
        await expectRefusal(
          'DescribeUserPoolClient with the id of another pool',
          described(pool, { poolId: await pool.newPool(), clientId }),
          'ResourceNotFoundException',
        );
      },
    },
    {
      name: 'a deleted client signs nobody in',
      source: api('DeleteUserPoolClient'),
      run: async (pool) => {
        const place = await pool.anotherClient();
        const { username } = await pool.addUser();
        await pool.send(new DeleteUserPoolClientCommand(ofClient(place)));
        await expectRefusal(
          'InitiateAuth',
          pool.initiate(place, 'USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD }),
          'ResourceNotFoundException',
        );
      },
    },
    {
      name: 'a list of clients comes in pages that end and name each client once',
      source: api('ListUserPoolClients'),
      run: async (pool) => {
        const UserPoolId = await pool.newPool();
        const made = [
          await pool.newClient(UserPoolId),
          await pool.newClient(UserPoolId),
          await pool.newClient(UserPoolId),
        ];
        await pool.eventually(async () => {
          const found = await pool.everyPage('ListUserPoolClients', async (NextToken) => {
            const answer = await pool.send(
              new ListUserPoolClientsCommand({ UserPoolId, MaxResults: 2, NextToken }),
            );
            return [answer.UserPoolClients, answer.NextToken] as const;
          });
          expectMembers(
            'the ids',
            found.map(({ ClientId }) => ClientId),
            made.map(({ clientId }) => clientId),
          );
        });
      },
    },
    {
      name: 'a listed client tells its id, name and pool, and no secret',
      source: api('UserPoolClientDescription'),
      run: async (pool) => {
        const UserPoolId = await pool.newPool();
        const { clientId } = await pool.newClient(UserPoolId, {
          GenerateSecret: true,
          ClientName: 'a server',
        });
        const { UserPoolClients } = await pool.send(
          new ListUserPoolClientsCommand({ UserPoolId, MaxResults: 60 }),
        );
        expectShape('UserPoolClients', UserPoolClients, [
          { ClientId: clientId, ClientName: 'a server', UserPoolId, ClientSecret: absent },
        ]);
      },
    },
  ],
};
