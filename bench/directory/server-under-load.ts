import type { RunningServer } from '../../test/support/process.js';

/** Asks one running server, as one viewer, over HTTP. */
export class Asker {
  readonly #server: RunningServer;
  readonly #token: string;

  constructor(server: RunningServer, token: string) {
    this.#server = server;
    this.#token = token;
  }

  /** The list of users. @throws Error where the answer has errors: a refusal is fast, and no result. */
  async users(parameters: UsersParameters): Promise<UserPage> {
    const { data, errors } = await this.#server.ask(USERS, this.#token, parameters);
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.users;
  }
}

export interface UsersParameters {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly orderBy?: { readonly field: 'CREATED_AT' | 'NAME' };
  readonly filter?: { readonly search: string };
}

export interface UserPage {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly startCursor: string | null };
}

const USERS = /* GraphQL */ `query (
  $first: Int, $after: String, $last: Int, $orderBy: UserOrder, $filter: UserFilter
) {
  users(first: $first, after: $after, last: $last, orderBy: $orderBy, filter: $filter) {
    nodes { id profile { name picture stale } }
    pageInfo { startCursor endCursor hasNextPage }
  }
}`;
