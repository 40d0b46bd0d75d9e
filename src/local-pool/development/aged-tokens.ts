import { z } from 'zod';
import type { Stores } from '../operation.js';
import { seeded } from '../seed/seed.js';
import { isStorable, type Sql } from '../sql.js';
import type { IssuedTokens } from '../tokens/token-issuer.js';
import { InputError, objectSuchAs } from './input.js';

const LONGEST_AGO = 10 * 365 * 86_400;
const text = (example: string) => {
  const error = `has to be a text. Give one, such as ${example}.`;
  return z.string({ error }).refine(isStorable, { error });
};
const notSeconds = {
  error: `has to be a whole number of seconds from 0 to ${LONGEST_AGO}. Give one, such as 7200.`,
};

export const agedTokens = z.strictObject(
  {
    username: text('ada'),
    /** The seeded one by default. */
    clientId: text('the clientId of GET /local-pool').optional(),
    /** Seconds. */
    issuedAgo: z.int(notSeconds).min(0, notSeconds).max(LONGEST_AGO, notSeconds).default(0),
  },
  objectSuchAs('{"username":"ada","issuedAgo":7200}'),
);

/**
 * Tokens of a sign-in that began a while ago: genuine but for their age.
 * @throws InputError, CognitoError as a sign-in would
 */
export async function tokensOf(
  { username, clientId, issuedAgo }: z.infer<typeof agedTokens>,
  { pools, accounts, tokens }: Stores,
  sql: Sql,
): Promise<Omit<IssuedTokens, 'RefreshToken'>> {
  const id = clientId ?? (await seeded(sql))?.clientId;
  if (id === undefined)
    throw new InputError(['clientId is needed where nothing was seeded. Give one.']);
  const client = await pools.client(id);
  const account = await accounts.account(await pools.pool(client.poolId), username);
  if (account.status !== 'CONFIRMED')
    throw new InputError([
      `username names a user who cannot sign in by a password alone: the status is ${account.status}. Give another.`,
    ]);
  const authTime = tokens.now() - issuedAgo;
  const { RefreshToken: _kept, ...issued } = await tokens.signIn(account, client, {
    authTime,
    issuedAt: authTime,
  });
  return issued;
}
