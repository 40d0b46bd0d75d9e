import { z } from 'zod';
import { ofPool, operation } from '../operation.js';
import { pageOf, positionOf, size } from '../page-token.js';
import type { ResourceServer } from '../pools/resource-server-store.js';

const ofServer = ofPool.extend({ Identifier: z.string().min(1).max(256) });
const resourceServer = ofServer.extend({
  Name: z.string().min(1).max(256),
  Scopes: z
    .array(
      z.object({
        ScopeName: z
          .string()
          .min(1)
          .max(256)
          .regex(/^[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+$/),
        ScopeDescription: z.string().min(1).max(256),
      }),
    )
    .max(100)
    .default([]),
});

/** The APIs whose scopes clients may be allowed. */
export const resourceServerOperations = {
  CreateResourceServer: operation('signed', resourceServer, async (input, stores) => {
    const { id } = await stores.pools.pool(input.UserPoolId);
    await stores.resourceServers.add(id, resourceServerOf(input));
    return { ResourceServer: resourceServerType(id, resourceServerOf(input)) };
  }),

  UpdateResourceServer: operation('signed', resourceServer, async (input, stores) => {
    const { id } = await stores.pools.pool(input.UserPoolId);
    await stores.resourceServers.change(id, resourceServerOf(input));
    return { ResourceServer: resourceServerType(id, resourceServerOf(input)) };
  }),

  DescribeResourceServer: operation('signed', ofServer, async (input, stores) => {
    const { id } = await stores.pools.pool(input.UserPoolId);
    const found = await stores.resourceServers.resourceServer(id, input.Identifier);
    return { ResourceServer: resourceServerType(id, found) };
  }),

  DeleteResourceServer: operation('signed', ofServer, async (input, stores) => {
    const { id } = await stores.pools.pool(input.UserPoolId);
    await stores.resourceServers.remove(id, input.Identifier);
    return {};
  }),

  ListResourceServers: operation(
    'signed',
    ofPool.extend({
      MaxResults: size.max(50).default(50),
      NextToken: z.string().optional(),
    }),
    async ({ UserPoolId, MaxResults, NextToken }, { pools, resourceServers }) => {
      const { id } = await pools.pool(UserPoolId);
      const found = await resourceServers.page(id, positionOf(NextToken), MaxResults + 1);
      const { items, next } = pageOf(found, MaxResults, ({ identifier }) => identifier);
      return {
        ResourceServers: items.map((item) => resourceServerType(id, item)),
        ...(next && { NextToken: next }),
      };
    },
  ),
};

function resourceServerOf(input: z.infer<typeof resourceServer>): ResourceServer {
  return { identifier: input.Identifier, name: input.Name, scopes: input.Scopes };
}

/** ResourceServerType of the API. */
function resourceServerType(UserPoolId: string, { identifier, name, scopes }: ResourceServer) {
  return { UserPoolId, Identifier: identifier, Name: name, Scopes: scopes };
}
