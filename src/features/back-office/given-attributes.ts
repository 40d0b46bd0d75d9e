import { type Identity, PoolProfile } from '../../directory/index.js';
import type { AuditedChange } from '../audit-log/index.js';
import { CommandInputError, expectStorable } from './back-office.errors.js';
import type { Asking } from './requests.js';

export interface GivenAttribute {
  /** By the pool's name. */
  readonly name: string;
  /** Null removes it. */
  readonly value?: string | null;
}

/** As the pool has them ("AttributeType" of the API reference). */
const MOST = 50;
const NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,32}$/u;
const LONGEST_VALUE = 2048;

/** Values by name, blank where they are to be removed. @throws CommandInputError */
export function attributesIn(given: readonly GivenAttribute[]): Readonly<Record<string, string>> {
  if (given.length === 0 || given.length > MOST)
    throw new CommandInputError('attributes', `must name 1 to ${MOST} attributes`);
  const names = given.map(({ name }) => name);
  if (new Set(names).size < names.length)
    throw new CommandInputError('attributes', 'must name each attribute once');
  for (const { name, value } of given) {
    if (!NAME.test(name) || name === 'sub')
      throw new CommandInputError('attributes', 'must name attributes that can be written');
    if ((value ?? '').length > LONGEST_VALUE)
      throw new CommandInputError(name, `must have at most ${LONGEST_VALUE} characters`);
    expectStorable(name, value);
  }
  return Object.fromEntries(given.map(({ name, value }) => [name, value ?? '']));
}

/** What the mirror has of these attributes, and what they are to be. */
export async function changeOf(
  { app }: Asking,
  account: Identity,
  after: Readonly<Record<string, string>>,
): Promise<AuditedChange> {
  const profile = await app.orm.em.fork().findOne(PoolProfile, { identity: account.id });
  const before = Object.entries(profile?.attributes ?? {}).filter(([name]) => name in after);
  return { before: Object.fromEntries(before), after };
}
