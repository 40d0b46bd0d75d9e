import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  CreateGroupCommand,
  GroupExistsException,
  NotAuthorizedException,
} from '@aws-sdk/client-cognito-identity-provider';
import { SEEDED_PASSWORD } from '../../src/local-pool/index.js';
import type { Client } from './client.js';
import type { SignIn } from './sign-in.js';

/** What a token shall say. */
export interface Access {
  /** Those that are not there yet are made. */
  readonly groups?: readonly string[];
  /** Such as `orders/read`; by default those of a sign-in by the SDK. */
  readonly scopes?: readonly string[];
}

export interface NewPerson extends Access {
  readonly name?: string;
  /** Further attributes of the pool, such as `phone_number`. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Somebody with an account at the local pool, signed in, who sends operations. */
export interface Person extends Client {
  /** Of their `User`. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** At the pool. */
  readonly username: string;
  readonly subject: string;
  readonly token: string;
}

interface Account {
  readonly username: string;
  readonly name: string;
  readonly email: string;
}

export interface PeopleOptions {
  readonly cognito: CognitoIdentityProviderClient;
  readonly poolId: string;
  readonly signIn: SignIn;
  readonly withToken: (token: string) => Client;
}

/** Makes people as a test needs them. */
export class People {
  readonly #options: PeopleOptions;
  /** By their groups. */
  readonly #known = new Map<string, Account>();
  #count = 0;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /** A new account, signed in. */
  async person({ groups = [], scopes, ...person }: NewPerson): Promise<Person> {
    return this.#signedIn(await this.#account(person, groups), scopes);
  }

  /** Whoever was made for these groups before, signed in anew: another where that one is gone. */
  async inGroups({ groups = [], scopes }: Access): Promise<Person> {
    const key = [...groups].sort().join(' ');
    const known = this.#known.get(key);
    const again = known && (await this.#signedIn(known, scopes).catch(ifGone));
    if (again !== undefined) return again;
    const account = await this.#account({}, groups);
    this.#known.set(key, account);
    return this.#signedIn(account, scopes);
  }

  async #signedIn(account: Account, scopes: readonly string[] | undefined): Promise<Person> {
    const { signIn, withToken } = this.#options;
    const token = await signIn.signIn(account.username, scopes);
    const client = withToken(token);
    const { data, errors } = await client.execute('{ me { id identities { subject } } }');
    if (errors !== undefined) throw new Error(`${account.username}: ${JSON.stringify(errors)}`);
    const { id, identities } = data.me;
    return { ...account, id, subject: identities[0].subject, token, execute: client.execute };
  }

  async #account(person: NewPerson, groups: readonly string[]): Promise<Account> {
    const { cognito, poolId: UserPoolId } = this.#options;
    const number = ++this.#count;
    const { name = `Person ${number}`, attributes = {} } = person;
    const username = `person-${number}`;
    const email = `${username}@example.com`;
    const given = { name, email, email_verified: 'true', ...attributes };
    const ofUser = { UserPoolId, Username: username };
    await cognito.send(
      new AdminCreateUserCommand({
        ...ofUser,
        MessageAction: 'SUPPRESS',
        UserAttributes: Object.entries(given).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
    const Password = SEEDED_PASSWORD;
    await cognito.send(new AdminSetUserPasswordCommand({ ...ofUser, Password, Permanent: true }));
    for (const GroupName of groups) {
      await this.#addGroup(GroupName);
      await cognito.send(new AdminAddUserToGroupCommand({ ...ofUser, GroupName }));
    }
    return { username, name, email: given.email };
  }

  async #addGroup(GroupName: string): Promise<void> {
    const { cognito, poolId: UserPoolId } = this.#options;
    await cognito.send(new CreateGroupCommand({ UserPoolId, GroupName })).catch((error) => {
      if (!(error instanceof GroupExistsException)) throw error;
    });
  }
}

/** Who was deleted or disabled meanwhile cannot sign in; the pool does not tell which. */
function ifGone(error: unknown): undefined {
  if (!(error instanceof NotAuthorizedException)) throw error;
}
