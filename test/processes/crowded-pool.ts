import {
  AdminAddUserToGroupCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { startApi, type TestApi } from '../support/api.js';
import { type PoolProxy, startPoolProxy } from '../support/pool-proxy.js';

/** People that are added to the seeded ones. */
const CROWD = 412;

/** A pool of several hundred people, and the ways to it. */
export interface CrowdedPool {
  readonly host: TestApi;
  /** Calls of one walk, by operation. */
  readonly walk: Readonly<Record<'ListGroups' | 'ListUsersInGroup' | 'ListUsers', number>>;
  /** A way to it that counts what passes, with what a process that takes it is started with. */
  way(): Promise<{
    readonly proxy: PoolProxy;
    readonly environment: Readonly<Record<string, string>>;
  }>;
  close(): Promise<void>;
}

export async function crowdedPool(): Promise<CrowdedPool> {
  const host = await startApi({ swept: false, environment: { SYNC_INTERVAL: '0' } });
  const { poolId, clientId } = host;
  const execute = (sql: string, parameters: readonly unknown[] = []) =>
    host.server.app.orm.em.fork().execute<{ users: number }[]>(sql, [...parameters]);
  await execute(
    `insert into local_pool.account (pool_id, sub, username, name_key, attributes, status, enabled,
       created_at, modified_at, version, codes)
     select ?, gen_random_uuid(), 'crowd-' || n, 'crowd-' || n,
       jsonb_build_object('name', 'Crowd ' || n), 'CONFIRMED', n % 10 <> 0, now(), now(), 1, '{}'
     from generate_series(1, ?::int) n`,
    [poolId, CROWD],
  );
  await host.cognito.send(new CreateGroupCommand({ UserPoolId: poolId, GroupName: 'crowd' }));
  await host.cognito.send(
    new AdminAddUserToGroupCommand({ UserPoolId: poolId, GroupName: 'crowd', Username: 'ada' }),
  );
  await execute(
    `insert into local_pool.membership (pool_id, group_name, sub)
     select pool_id, 'crowd', sub from local_pool.account
     where pool_id = ? and username like 'crowd-1%'`,
    [poolId],
  );
  const [{ users } = { users: 0 }] = await execute(
    'select count(*)::int as users from local_pool.account where pool_id = ?',
    [poolId],
  );
  const [{ users: members } = { users: 0 }] = await execute(
    "select count(*)::int as users from local_pool.membership where group_name = 'crowd'",
  );
  const proxies: PoolProxy[] = [];
  return {
    host,
    walk: {
      ListGroups: 1,
      ListUsersInGroup: 2 + Math.ceil(members / 60),
      ListUsers: Math.ceil(users / 60),
    },
    async way() {
      const proxy = await startPoolProxy(host.localPool.endpoint);
      proxies.push(proxy);
      const environment = {
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        COGNITO_USER_POOL_ID: poolId,
        COGNITO_CLIENT_IDS: clientId,
        COGNITO_ENDPOINT: proxy.endpoint,
      };
      return { proxy, environment };
    },
    async close() {
      for (const proxy of proxies) await proxy.close();
      await host.close();
    },
  };
}
