import fc from 'fast-check';
import type { PoolUserStatus } from '../../../src/user-pool/user-pool.js';

/** What a test knows of a user: what the list of users ought to be made of. */
export interface Person {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly status: PoolUserStatus;
  readonly enabled: boolean;
  readonly poolModifiedAt: Date;
  readonly groups: readonly string[] | null;
}

const names = fc.constantFrom(
  'José Núñez',
  'jose nunez',
  'JOSE',
  'Łucja Żółć',
  '王小明',
  'किरण देसाई',
  'Ωmega Straße',
  '𝒜stral 🐙 Ink',
  '100% _under\\score_',
  'O\'Brien "Q"',
  'Ann',
  'Anna',
  'anna',
  'Ｗｉｄｅ',
);
const moment = (from: number) =>
  fc.integer({ min: 0, max: 6 }).map((days) => new Date(from + days * 86_400_000));

const attributes = fc.record(
  {
    name: names,
    given_name: names,
    family_name: names,
    nickname: names,
    preferred_username: names,
    email: fc.constantFrom('a@example.com', 'A@Example.com', 'josé@example.com', 'b@example.org'),
    email_verified: fc.constantFrom('true', 'false'),
    phone_number: fc.constantFrom('+351210000001', '+351210000002'),
  },
  { requiredKeys: [] },
);

const person = fc.record({
  createdAt: moment(Date.UTC(2026, 0, 1)),
  lastSeenAt: fc.option(moment(Date.UTC(2026, 1, 1))),
  attributes,
  status: fc.constantFrom<PoolUserStatus>('CONFIRMED', 'UNCONFIRMED', 'FORCE_CHANGE_PASSWORD'),
  enabled: fc.boolean(),
  poolModifiedAt: moment(Date.UTC(2026, 2, 1)),
  groups: fc.option(
    fc.uniqueArray(fc.constantFrom('admin', 'Blue, "quoted"', 'b\\ack', '{}', 'null', '王'), {
      maxLength: 3,
    }),
  ),
});

/** As many people as are wanted, with many ties, with nulls, and in several scripts. */
export function somePeople(count: number): readonly Omit<Person, 'id' | 'username'>[] {
  return fc.sample(person, { numRuns: count, seed: 4 });
}
