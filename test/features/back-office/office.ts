import {
  AdminAddUserToGroupCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { withoutRowRules } from '../../../src/database/row-view.js';
import { Identity, PoolProfile, User } from '../../../src/directory/index.js';
import {
  type Answer,
  type Client,
  startApi,
  type TestApi,
  type TestApiOptions,
} from '../../support/api.js';

/** A server with an administrator who is signed in, and looks at every side of what was done. */
export interface Office {
  readonly api: TestApi;
  readonly ada: Client;
  /** The id of a seeded person by user name. */
  idOf(username: string): Promise<string>;
  /** Asks for a mutation of the back office; `fields` of its payload. */
  act(name: string, input: object, fields?: string, client?: Client): Promise<Answer>;
  /** Outcomes of what was done to a user, the oldest first, such as `disableUser DONE`. */
  trailOf(targetId: string): Promise<string[]>;
  atPool(username: string): Promise<{
    readonly enabled: boolean | undefined;
    readonly status: string | undefined;
    readonly attributes: Readonly<Record<string, string>>;
    readonly groups: readonly string[];
  }>;
  mirrorOf(userId: string): Promise<PoolProfile | null>;
  refusedBefore(userId: string): Promise<Date | null>;
  makeAdmin(username: string): Promise<void>;
}

export async function startOffice(options: TestApiOptions = {}): Promise<Office> {
  const api = await startApi(options);
  const ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
  const em = () => api.server.app.orm.em.fork();
  const named = (Username: string) => ({ UserPoolId: api.poolId, Username });
  const groupsOf = async (username: string) => {
    const { Groups = [] } = await api.cognito.send(
      new AdminListGroupsForUserCommand(named(username)),
    );
    return Groups.map(({ GroupName = '' }) => GroupName);
  };
  return {
    api,
    ada,
    idOf: async (username) => (await em().findOneOrFail(Identity, { username })).user.id,
    act: (name, input, fields = 'actionId user { id }', client = ada) => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
      return client.execute(
        `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`,
        { input: { reason: 'because', ...input } },
      );
    },
    trailOf: async (targetId) => {
      const { data } = await ada.execute(
        'query ($targetId: ID!) { auditLog(last: 100, filter: { targetId: $targetId }) { nodes { action outcome } } }',
        { targetId },
      );
      return data.auditLog.nodes
        .map(({ action, outcome }: Record<string, string>) => `${action} ${outcome}`)
        .reverse();
    },
    atPool: async (username) => {
      const user = await api.cognito.send(new AdminGetUserCommand(named(username)));
      const attributes = (user.UserAttributes ?? []).map(({ Name = '', Value = '' }) => [
        Name,
        Value,
      ]);
      return {
        enabled: user.Enabled,
        status: user.UserStatus,
        attributes: Object.fromEntries(attributes),
        groups: await groupsOf(username),
      };
    },
    mirrorOf: (userId) => em().findOne(PoolProfile, { identity: { user: userId } }),
    refusedBefore: async (userId) =>
      (
        await withoutRowRules(em(), 'a test looks at what was done').findOneOrFail(User, {
          id: userId,
        })
      ).refusedBefore,
    makeAdmin: async (username) => {
      await api.cognito.send(
        new AdminAddUserToGroupCommand({ ...named(username), GroupName: 'admin' }),
      );
    },
  };
}
