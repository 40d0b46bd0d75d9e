import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './accounts/account.js';
import { CognitoError } from './errors.js';
import type { Log } from './log.js';

/** What the caller of the API passed on, or what a sign-up was checked by. */
export type Metadata = Readonly<Record<string, string>>;
type UserAttributes = Readonly<Record<string, string>>;

/** What every trigger gets ("Customizing user pool workflows with Lambda triggers" in the developer guide). */
export interface TriggerEvent<Source extends string, Request, Response> {
  readonly version: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly userName: string;
  readonly triggerSource: Source;
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string };
  readonly request: Request;
  response: Response;
}

interface AboutUser {
  readonly userAttributes: UserAttributes;
  readonly clientMetadata?: Metadata;
}

export type PreSignUpEvent = TriggerEvent<
  'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser',
  AboutUser & { readonly validationData: Metadata | null },
  { autoConfirmUser: boolean; autoVerifyEmail: boolean; autoVerifyPhone: boolean }
>;

export type PostConfirmationEvent = TriggerEvent<
  'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword',
  AboutUser,
  Record<string, never>
>;

export interface ClaimChanges {
  readonly claimsToAddOrOverride?: Readonly<Record<string, unknown>>;
  readonly claimsToSuppress?: readonly string[];
}

export interface GroupConfiguration {
  readonly groupsToOverride?: readonly string[];
  readonly iamRolesToOverride?: readonly string[];
  readonly preferredRole?: string | null;
}

/** What V2 of the trigger changes in the tokens. */
export interface TokenChanges {
  readonly idTokenGeneration?: ClaimChanges | null;
  readonly accessTokenGeneration?:
    | (ClaimChanges & {
        readonly scopesToAdd?: readonly string[];
        readonly scopesToSuppress?: readonly string[];
      })
    | null;
  readonly groupOverrideDetails?: GroupConfiguration | null;
}

export type TokenSource =
  | 'TokenGeneration_HostedAuth'
  | 'TokenGeneration_Authentication'
  | 'TokenGeneration_NewPasswordChallenge'
  | 'TokenGeneration_RefreshTokens';

export type PreTokenGenerationEvent = TriggerEvent<
  TokenSource,
  AboutUser & {
    readonly scopes: readonly string[];
    readonly groupConfiguration: GroupConfiguration;
  },
  { claimsAndScopeOverrideDetails: TokenChanges | null }
>;

export type UserMigrationEvent = TriggerEvent<
  'UserMigration_Authentication' | 'UserMigration_ForgotPassword',
  {
    readonly password?: string;
    readonly validationData: Metadata | null;
    readonly clientMetadata?: Metadata;
  },
  {
    userAttributes: Record<string, string> | null;
    finalUserStatus: 'CONFIRMED' | 'RESET_REQUIRED' | null;
    messageAction: 'SUPPRESS' | 'RESEND' | null;
    desiredDeliveryMediums: readonly string[] | null;
    forceAliasCreation: boolean | null;
  }
>;

export type MessageSource =
  | 'CustomMessage_SignUp'
  | 'CustomMessage_AdminCreateUser'
  | 'CustomMessage_ResendCode'
  | 'CustomMessage_ForgotPassword'
  | 'CustomMessage_UpdateUserAttribute'
  | 'CustomMessage_VerifyUserAttribute';

export type CustomMessageEvent = TriggerEvent<
  MessageSource,
  AboutUser & { readonly codeParameter: string; readonly usernameParameter: string | null },
  { smsMessage: string | null; emailMessage: string | null; emailSubject: string | null }
>;

interface Events {
  readonly PreSignUp: PreSignUpEvent;
  readonly PostConfirmation: PostConfirmationEvent;
  /** Version 2 of its event. */
  readonly PreTokenGeneration: PreTokenGenerationEvent;
  readonly UserMigration: UserMigrationEvent;
  readonly CustomMessage: CustomMessageEvent;
}
type Name = keyof Events;

/** A trigger as AWS Lambda runs it: it answers with the event, whose response it has filled. */
export type Trigger<Event> = (event: Event) => Promise<unknown>;
export type TriggerSet = { readonly [Key in Name]?: Trigger<Events[Key]> };

/** What a call of a trigger is about. */
export interface Occasion<Key extends Name> {
  readonly source: Events[Key]['triggerSource'];
  readonly poolId: string;
  readonly clientId: string;
  readonly username: string;
  readonly request: Events[Key]['request'];
  readonly response: Events[Key]['response'];
}

/** Milliseconds that Cognito waits for a trigger. */
const TIMEOUT = 5_000;

/** The triggers of the local pool, called with Cognito's events. */
export class Triggers {
  readonly #set: TriggerSet;
  readonly #log: Log;

  constructor(set: TriggerSet, log: Log) {
    this.#set = set;
    this.#log = log;
  }

  has(name: Name): boolean {
    return this.#set[name] !== undefined;
  }

  /**
   * The response of a trigger; where there is none, the one that the event came with.
   * @throws CognitoError UserLambdaValidationException for what it throws, InvalidLambdaResponseException,
   *   UnexpectedLambdaException where it does not answer in 5 seconds.
   */
  async call<Key extends Name>(
    name: Key,
    occasion: Occasion<Key>,
  ): Promise<Events[Key]['response']> {
    const trigger = this.#set[name];
    if (trigger === undefined) return occasion.response;
    // As Lambda has it: what the trigger gets and gives has been JSON, so that nothing is shared.
    const event = JSON.parse(JSON.stringify(eventOf(name, occasion)));
    const answer: unknown = await this.#answer(name, trigger(event));
    const response: unknown = Reflect.get(Object(answer), 'response');
    if (typeof response !== 'object' || response === null)
      throw new CognitoError('InvalidLambdaResponseException', 'Unrecognizable lambda output');
    return { ...occasion.response, ...JSON.parse(JSON.stringify(response)) };
  }

  async #answer(name: Name, answer: Promise<unknown>): Promise<unknown> {
    const timeout = new AbortController();
    const late = sleep(TIMEOUT, undefined, { signal: timeout.signal, ref: false }).then(() => {
      throw new CognitoError('UnexpectedLambdaException', `${name} failed with error timeout.`);
    });
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      if (error instanceof CognitoError) throw error;
      this.#log.warn({ err: error }, `the trigger ${name} failed`);
      const message = Reflect.get(Object(error), 'message');
      throw new CognitoError(
        'UserLambdaValidationException',
        `${name} failed with error ${String(message)}.`,
      );
    } finally {
      timeout.abort();
      late.catch(() => undefined);
    }
  }
}

function eventOf<Key extends Name>(name: Key, occasion: Occasion<Key>) {
  const { source, poolId, clientId, username, request, response } = occasion;
  return {
    version: name === 'PreTokenGeneration' ? '2' : '1',
    region: poolId.slice(0, poolId.indexOf('_')),
    userPoolId: poolId,
    userName: username,
    triggerSource: source,
    callerContext: { awsSdkVersion: 'local-pool', clientId },
    request,
    response,
  };
}

/** An account's attributes as events have them. */
export function eventAttributes({
  sub,
  status,
  attributes,
}: Pick<Account, 'sub' | 'status' | 'attributes'>): UserAttributes {
  return { sub, 'cognito:user_status': status, ...attributes };
}
