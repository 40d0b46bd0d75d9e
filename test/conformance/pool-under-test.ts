import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  type AdminGetUserCommandOutput,
  AdminSetUserPasswordCommand,
  type AttributeType,
  type AuthenticationResultType,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DeleteUserPoolCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandInput,
  SignUpCommand,
  type SignUpCommandOutput,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { Difference, nameOf } from './difference.js';

/** A password that the default policy admits. */
export const PASSWORD = 'Conform1ng!';

/** A pool and a client of it. */
export interface Place {
  readonly poolId: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
}

export interface Person {
  readonly username: string;
  readonly sub: string;
  readonly place: Place;
  /** What admin operations name them by. */
  readonly ofUser: { readonly UserPoolId: string; readonly Username: string };
}

export interface Message {
  readonly text: string;
  readonly code?: string | undefined;
}

/** An implementation of the user pools API. */
export interface Target {
  readonly cognito: CognitoIdentityProviderClient;
  /** Where the API is, without a slash at the end. */
  readonly endpoint: string;
  /** What pools' issuers begin with. */
  readonly issuer: string;
  /** What was sent last to an address; absent where nobody can read the messages. */
  readonly lastMessage?: (address: string) => Promise<Message | undefined>;
  /** Milliseconds that a list may lag behind. */
  readonly patience: number;
}

type FoundUser = AdminGetUserCommandOutput & {
  readonly attributes: ReturnType<typeof attributeRecord>;
};
type PoolSettings = Partial<CreateUserPoolCommandInput>;
type ClientSettings = Partial<CreateUserPoolClientCommandInput>;

/** Of the pool that most checks share: the settings that tell most. */
const SHARED: PoolSettings = {
  AliasAttributes: ['email'],
  AutoVerifiedAttributes: ['email'],
  UsernameConfiguration: { CaseSensitive: false },
  Schema: [
    {
      Name: 'team',
      AttributeDataType: 'String',
      Mutable: true,
      StringAttributeConstraints: { MinLength: '1', MaxLength: '16' },
    },
    {
      Name: 'level',
      AttributeDataType: 'Number',
      Mutable: true,
      NumberAttributeConstraints: { MinValue: '1', MaxValue: '10' },
    },
    {
      Name: 'badge',
      AttributeDataType: 'String',
      Mutable: false,
      StringAttributeConstraints: { MinLength: '1', MaxLength: '16' },
    },
  ],
};

const { AutoVerifiedAttributes: _verified, ...QUIET } = SHARED;

const EVERY_FLOW: ClientSettings = {
  ExplicitAuthFlows: [
    'ALLOW_USER_PASSWORD_AUTH',
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_USER_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
  ],
  PreventUserExistenceErrors: 'ENABLED',
};

/** What a check drives: a disposable pool, and whatever pools, clients and users the check adds. */
export class PoolUnderTest {
  readonly send: CognitoIdentityProviderClient['send'];
  readonly #pools: string[] = [];
  #shared: Promise<Place> | undefined;
  #quiet: Promise<Place> | undefined;

  constructor(readonly target: Target) {
    this.send = target.cognito.send.bind(target.cognito) as CognitoIdentityProviderClient['send']; // bind loses overloads
  }

  /** The pool that checks share, with a client of every flow; made when it is first asked for. */
  shared(): Promise<Place> {
    this.#shared ??= this.newPlace(SHARED);
    return this.#shared;
  }

  /** Another that checks share, which verifies no address and so sends nothing at a sign-up. */
  quiet(): Promise<Place> {
    this.#quiet ??= this.newPlace(QUIET);
    return this.#quiet;
  }

  /** A pool of a check's own. */
  async newPool(settings: PoolSettings = {}): Promise<string> {
    const { UserPool } = await this.send(
      new CreateUserPoolCommand({ PoolName: this.newName('conformance'), ...settings }),
    );
    const id = present('CreateUserPool UserPool.Id', UserPool?.Id);
    this.#pools.push(id);
    return id;
  }

  async newPlace(pool: PoolSettings = {}, client: ClientSettings = {}): Promise<Place> {
    return this.newClient(await this.newPool(pool), client);
  }

  /** A client of every flow, but for the settings given. */
  async newClient(poolId: string, settings: ClientSettings = {}): Promise<Place> {
    const { UserPoolClient } = await this.send(
      new CreateUserPoolClientCommand({
        UserPoolId: poolId,
        ClientName: this.newName('client'),
        ...EVERY_FLOW,
        ...settings,
      }),
    );
    const clientId = present(
      'CreateUserPoolClient UserPoolClient.ClientId',
      UserPoolClient?.ClientId,
    );
    return { poolId, clientId, clientSecret: UserPoolClient?.ClientSecret };
  }

  /** Another client of the pool that checks share. */
  async anotherClient(settings: ClientSettings = {}): Promise<Place> {
    return this.newClient((await this.shared()).poolId, settings);
  }

  /** Of the form of the target's ids, and of no pool. */
  async unknownPoolId(): Promise<string> {
    return (await this.shared()).poolId.replace(/_.*/, '_NoSuchP00');
  }

  /** A name that nobody has yet. */
  newName(prefix = 'user'): string {
    return `${prefix}-${randomBytes(6).toString('hex')}`;
  }

  newEmail(): string {
    return `${this.newName('mail')}@example.com`;
  }

  /** A confirmed user, who has the password `PASSWORD`. */
  async addUser(attributes: Readonly<Record<string, string>> = {}, place?: Place): Promise<Person> {
    const person = await this.addInvited(attributes, place);
    await this.send(
      new AdminSetUserPasswordCommand({ ...person.ofUser, Password: PASSWORD, Permanent: true }),
    );
    return person;
  }

  /** A user who has to change the temporary password `PASSWORD`. */
  async addInvited(
    attributes: Readonly<Record<string, string>> = {},
    place?: Place,
  ): Promise<Person> {
    const at = place ?? (await this.shared());
    const ofUser = { UserPoolId: at.poolId, Username: this.newName() };
    const { User } = await this.send(
      new AdminCreateUserCommand({
        ...ofUser,
        MessageAction: 'SUPPRESS',
        TemporaryPassword: PASSWORD,
        UserAttributes: attributeTypes(attributes),
      }),
    );
    const { sub = '' } = attributeRecord(User?.Attributes);
    return { username: ofUser.Username, sub, place: at, ofUser };
  }

  /** Signs up a user; one without an address where nothing is sent, unless a place is given. */
  async signUp(
    attributes: Readonly<Record<string, string>> = {},
    place?: Place,
  ): Promise<Person & { readonly answer: SignUpCommandOutput }> {
    const at = place ?? (await (attributes.email === undefined ? this.quiet() : this.shared()));
    const username = this.newName();
    const answer = await this.send(
      new SignUpCommand({
        ClientId: at.clientId,
        Username: username,
        Password: PASSWORD,
        UserAttributes: attributeTypes(attributes),
      }),
    );
    const ofUser = { UserPoolId: at.poolId, Username: username };
    return { username, sub: answer.UserSub ?? '', place: at, ofUser, answer };
  }

  /** Tokens by USER_PASSWORD_AUTH, at the person's own client unless another is given. */
  async signIn(
    { username, place }: Person,
    at: Place = place,
    password = PASSWORD,
  ): Promise<AuthenticationResultType> {
    const answer = await this.initiate(at, 'USER_PASSWORD_AUTH', {
      USERNAME: username,
      PASSWORD: password,
    });
    if (answer.AuthenticationResult) return answer.AuthenticationResult;
    throw new Difference('Signing in', 'tokens', `the challenge ${answer.ChallengeName}`);
  }

  initiate(
    { clientId }: Place,
    flow: InitiateAuthCommandInput['AuthFlow'],
    parameters: Record<string, string>,
    session?: string,
  ) {
    return this.send(
      new InitiateAuthCommand({
        ClientId: clientId,
        AuthFlow: flow,
        AuthParameters: parameters,
        Session: session,
      }),
    );
  }

  async user({ ofUser }: Person): Promise<FoundUser> {
    const found = await this.send(new AdminGetUserCommand(ofUser));
    return { ...found, attributes: attributeRecord(found.UserAttributes) };
  }

  /** The code that was sent last to an address. */
  async lastCode(address: string): Promise<string> {
    const message = await this.target.lastMessage?.(address);
    return present(`a code sent to ${address}`, message?.code);
  }

  /** The temporary password that was sent last to an address. */
  async lastPassword(address: string): Promise<string> {
    const message = await this.target.lastMessage?.(address);
    const [, password] = /temporary password is (\S+)/.exec(message?.text ?? '') ?? [];
    return present(`a temporary password sent to ${address}`, password);
  }

  /** Reads until it is as expected, where the target may lag; the last difference otherwise. */
  async eventually(read: () => Promise<void>): Promise<void> {
    const deadline = Date.now() + this.target.patience;
    for (;;) {
      try {
        return await read();
      } catch (error) {
        if (nameOf(error) !== 'Difference' || Date.now() >= deadline) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Every item of a list that comes in pages. @throws Difference where it does not end */
  async everyPage<Item>(
    what: string,
    page: (token: string | undefined) => Promise<readonly [Item[] | undefined, string | undefined]>,
  ): Promise<Item[]> {
    const found: Item[] = [];
    const seen = new Set<string>();
    for (let token: string | undefined; ; ) {
      const [items = [], next] = await page(token);
      found.push(...items);
      if (next === undefined) return found;
      if (seen.has(next) || seen.size > 2000)
        throw new Difference(what, 'pages that end', `the same token again, or ${seen.size} pages`);
      seen.add(next);
      token = next;
    }
  }

  /** A POST to the API without the SDK. */
  async post(
    body: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ status: number; headers: Headers; json: unknown }> {
    const response = await fetch(`${this.target.endpoint}/`, { method: 'POST', body, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: parsed(text) };
  }

  /** Deletes every pool that was made here. */
  async dispose(): Promise<void> {
    for (const UserPoolId of this.#pools.splice(0)) {
      try {
        await this.send(new DeleteUserPoolCommand({ UserPoolId }));
      } catch (error) {
        if (nameOf(error) !== 'InvalidParameterException') continue;
        await this.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }));
        await this.send(new DeleteUserPoolCommand({ UserPoolId }));
      }
    }
  }
}

/** @throws Difference */
export function present<Value>(what: string, value: Value | null | undefined): Value {
  if (value === undefined || value === null) throw new Difference(what, 'a value', 'nothing');
  return value;
}

export function attributeTypes(attributes: Readonly<Record<string, string>>): AttributeType[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}

export function attributeRecord(
  attributes: readonly AttributeType[] | undefined,
): Record<string, string> {
  return Object.fromEntries((attributes ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
