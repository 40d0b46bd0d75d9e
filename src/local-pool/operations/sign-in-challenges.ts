import type { Account } from '../accounts/account.js';
import type { AttributeList } from '../accounts/attributes.js';
import { setNewPassword, signedIn } from '../accounts/authentication.js';
import { nobodysVerifier } from '../accounts/srp.js';
import { provesPassword } from '../accounts/srp-exchange.js';
import { invalidParameter, wrongCredentials } from '../errors.js';
import type { Challenge } from '../tokens/challenge-store.js';
import {
  type Attempt,
  byPassword,
  chosen,
  completed,
  invalidSession,
  required,
  vouchedName,
} from './sign-in-flows.js';

type Answer = (attempt: Attempt) => Promise<object>;

/** What answers each challenge, by its name. */
export const ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['PASSWORD_VERIFIER', provePassword],
  ['NEW_PASSWORD_REQUIRED', chooseNewPassword],
  ['SELECT_CHALLENGE', select],
  ['PASSWORD', password],
]);

/** As JavaScript clients and the AWS SDKs write it. */
const TIMESTAMP =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2} \d{2}:\d{2}:\d{2} UTC \d{4}$/;

async function provePassword(attempt: Attempt): Promise<object> {
  const name = vouchedName(attempt);
  const secretBlock = required(attempt, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const signature = required(attempt, 'PASSWORD_CLAIM_SIGNATURE');
  const timestamp = required(attempt, 'TIMESTAMP');
  if (!TIMESTAMP.test(timestamp))
    throw invalidParameter('TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.');
  const { client, stores } = attempt;
  // Whatever the answer: a proof is tried once.
  const challenge = await stores.challenges.take(client, secretBlock);
  if (challenge?.kind !== 'PASSWORD_VERIFIER') throw wrongCredentials();
  const { A = '', B = '', b = '', username = '' } = challenge.state;
  const account = await accountNamed(attempt, name);
  const isRight = provesPassword(
    account?.password ?? nobodysVerifier(''),
    { A, B, b },
    {
      poolId: client.poolId,
      username,
      secretBlock,
      timestamp,
      signature,
    },
  );
  if (account === undefined || account.sub !== challenge.state.sub || !isRight)
    throw wrongCredentials();
  return completed(attempt, signedIn(account));
}

const ATTRIBUTE = 'userAttributes.';

async function chooseNewPassword(attempt: Attempt): Promise<object> {
  const name = vouchedName(attempt);
  const { client, stores, parameters } = attempt;
  const challenge = await openChallenge(attempt, 'NEW_PASSWORD_REQUIRED');
  const account = await accountNamed(attempt, name);
  if (account === undefined || account.sub !== challenge.state.sub) throw invalidSession();
  if (account.status !== 'FORCE_CHANGE_PASSWORD') throw invalidSession();
  const attributes: AttributeList = Object.entries(parameters)
    .filter(([key]) => key.startsWith(ATTRIBUTE))
    .map(([key, Value]) => ({ Name: key.slice(ATTRIBUTE.length), Value }));
  const changed = await setNewPassword(
    { password: required(attempt, 'NEW_PASSWORD'), attributes },
    signedIn(account),
    client,
    stores,
  );
  await stores.challenges.take(client, attempt.session ?? '');
  return completed(attempt, changed, 'TokenGeneration_NewPasswordChallenge');
}

async function select(attempt: Attempt): Promise<object> {
  const challenge = await openChallenge(attempt, 'SELECT_CHALLENGE');
  if (challenge.state.username !== vouchedName(attempt)) throw invalidSession();
  return chosen(attempt, required(attempt, 'ANSWER'));
}

async function password(attempt: Attempt): Promise<object> {
  const challenge = await openChallenge(attempt, 'PASSWORD');
  if (challenge.state.username !== vouchedName(attempt)) throw invalidSession();
  return byPassword(attempt);
}

/** @throws CognitoError NotAuthorizedException, InvalidParameterException */
async function openChallenge(attempt: Attempt, kind: string): Promise<Challenge> {
  if (attempt.session === undefined) throw invalidParameter('Missing required parameter Session');
  const challenge = await attempt.stores.challenges.find(attempt.client, attempt.session);
  if (challenge?.kind !== kind) throw invalidSession();
  return challenge;
}

async function accountNamed(
  { client, stores }: Attempt,
  name: string,
): Promise<Account | undefined> {
  return stores.accounts.find(await stores.pools.pool(client.poolId), name);
}
