import { z } from 'zod';
import { newClientId, newClientSecret } from '../ids.js';
import { ofPool, operation, type Stores } from '../operation.js';
import { pageOf, positionOf, size } from '../page-token.js';
import { checkAttributeNames } from '../pools/client-attributes.js';
import { type ClientSettings, changedClient, newClient } from '../pools/client-settings.js';
import { checkOAuth } from '../pools/oauth-settings.js';
import type { Pool, PoolClient } from '../pools/pool-store.js';

const ofClient = ofPool.extend({ ClientId: z.string() });

/** App clients of a pool. */
export const poolClientOperations = {
  CreateUserPoolClient: operation(
    'signed',
    ofPool.and(newClient),
    async ({ UserPoolId, GenerateSecret, ...given }, stores) => {
      const pool = await stores.pools.pool(UserPoolId);
      const settings = await checkedSettings(pool, stores, {
        ...given,
        ...(GenerateSecret && { ClientSecret: newClientSecret() }),
      });
      const client = await stores.pools.addClient(newClientId(), pool.id, settings);
      return { UserPoolClient: clientType(client) };
    },
  ),

  DescribeUserPoolClient: operation('signed', ofClient, async (input, { pools }) => {
    const pool = await pools.pool(input.UserPoolId);
    return { UserPoolClient: clientType(await pools.clientOf(pool, input.ClientId)) };
  }),

  UpdateUserPoolClient: operation(
    'signed',
    ofClient.and(changedClient),
    async ({ UserPoolId, ClientId, ...given }, stores) => {
      const pool = await stores.pools.pool(UserPoolId);
      const client = await stores.pools.clientOf(pool, ClientId);
      const { ClientName, ClientSecret } = client.settings;
      const settings = await checkedSettings(pool, stores, {
        ...given,
        ClientName: given.ClientName ?? ClientName,
        ...(ClientSecret !== undefined && { ClientSecret }),
      });
      await stores.pools.changeClient(client, settings);
      return { UserPoolClient: clientType(await stores.pools.client(client.id)) };
    },
  ),

  DeleteUserPoolClient: operation('signed', ofClient, async (input, { pools }) => {
    const pool = await pools.pool(input.UserPoolId);
    await pools.removeClient(await pools.clientOf(pool, input.ClientId));
    return {};
  }),

  ListUserPoolClients: operation(
    'signed',
    ofPool.extend({ MaxResults: size.default(60), NextToken: z.string().optional() }),
    async ({ UserPoolId, MaxResults, NextToken }, { pools }) => {
      const { id } = await pools.pool(UserPoolId);
      const found = await pools.clients(id, positionOf(NextToken), MaxResults + 1);
      const { items, next } = pageOf(found, MaxResults, (client) => client.id);
      return {
        UserPoolClients: items.map((client) => ({
          ClientId: client.id,
          UserPoolId: id,
          ClientName: client.settings.ClientName,
        })),
        ...(next && { NextToken: next }),
      };
    },
  ),
};

/** @throws CognitoError InvalidParameterException, and those of `checkOAuth` */
async function checkedSettings(
  { id, settings: { SchemaAttributes } }: Pool,
  { resourceServers }: Stores,
  settings: ClientSettings,
): Promise<ClientSettings> {
  checkOAuth(settings, {
    isConfidential: settings.ClientSecret !== undefined,
    customScopes: await resourceServers.scopes(id),
  });
  checkAttributeNames(SchemaAttributes, settings);
  return settings;
}

/** UserPoolClientType of the API. */
function clientType({ id, poolId, settings, createdAt, modifiedAt }: PoolClient) {
  const given = Object.entries(settings).filter(
    ([, value]) => !Array.isArray(value) || value.length > 0,
  );
  return {
    ClientId: id,
    UserPoolId: poolId,
    CreationDate: createdAt,
    LastModifiedDate: modifiedAt,
    ...Object.fromEntries(given),
    EnablePropagateAdditionalUserContextData: false,
  };
}
