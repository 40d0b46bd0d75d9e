import type { GraphQLSchema } from 'graphql';
import { scopesNamedIn, type ViewerClass } from '../../src/graphql/access-matrix.js';
import type { Answer, Client, TestApi } from './api.js';
import type { ProbedRows } from './probed-rows.js';

/** Every attribute that a field shows, so that null can only come from a rule. */
const ATTRIBUTES = {
  given_name: 'Uma',
  family_name: 'Sharma',
  nickname: 'Nick',
  preferred_username: 'nick',
  picture: 'https://example.com/picture.jpg',
  locale: 'en',
  website: 'https://example.com/',
  zoneinfo: 'Europe/Lisbon',
  phone_number: '+351210000000',
};

/** Who asks in `person` and `owner`, and whose the rows of another are. */
export async function probedPeople(api: TestApi): Promise<ProbedRows['people']> {
  return {
    own: await api.person({ attributes: ATTRIBUTES }),
    other: await api.person({ attributes: ATTRIBUTES }),
  };
}

/** Scopes of every sign-in by the AWS SDK. */
const OF_SDK = ['aws.cognito.signin.user.admin'];

/**
 * Signs in viewers, people with every scope that a rule names, and lets each ask. MEMBER is in the group `member`;
 * whoever has signed out comes back for the next question.
 */
export class MatrixViewers {
  readonly #api: TestApi;
  readonly #scopes: { readonly scopes?: readonly string[] };
  readonly #people: ProbedRows['people'];
  readonly #clients = new Map<ViewerClass, Client>();

  constructor(api: TestApi, schema: GraphQLSchema, people: ProbedRows['people']) {
    this.#api = api;
    this.#people = people;
    const named = [...scopesNamedIn(schema)];
    this.#scopes = named.every((scope) => OF_SDK.includes(scope)) ? {} : { scopes: named };
  }

  async execute(viewerClass: ViewerClass, { query, variables }: Request): Promise<Answer> {
    const client = this.#clients.get(viewerClass) ?? (await this.#signIn(viewerClass));
    this.#clients.set(viewerClass, client);
    const answer = await client.execute(query, variables);
    if (/\bsignOut/.test(query)) this.#clients.clear();
    return answer;
  }

  async #signIn(viewerClass: ViewerClass): Promise<Client> {
    switch (viewerClass) {
      case 'anonymous':
        return this.#api.anonymous;
      case 'person':
      case 'owner':
        return this.#api.as(this.#people.own.email, this.#scopes.scopes);
      case 'client':
        return this.#api.asClient({ scopes: ['unheard/of'] });
      default:
        return this.#api.as({ groups: [viewerClass.toLowerCase()], ...this.#scopes });
    }
  }
}

interface Request {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}
