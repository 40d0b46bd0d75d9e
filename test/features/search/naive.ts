import { folded, keyOf, NAME_ATTRIBUTES } from '../../../src/directory/index.js';
import type { Person } from './people.js';

export interface Filter {
  readonly search?: string;
  readonly name?: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly phoneNumber?: string;
  readonly username?: string;
  readonly group?: string;
  readonly status?: string;
  readonly enabled?: boolean;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly lastSeenAfter?: string;
  readonly lastSeenBefore?: string;
}

export interface Order {
  readonly field: keyof typeof KEYS;
  readonly direction: 'ASC' | 'DESC';
}

const KEYS = {
  CREATED_AT: ({ createdAt }: Person) => createdAt.toISOString(),
  NAME: ({ attributes }: Person) => folded(attributes.name ?? '') || null,
  EMAIL: ({ attributes }: Person) => keyOf(attributes.email ?? '') || null,
  LAST_SEEN_AT: ({ lastSeenAt }: Person) => lastSeenAt?.toISOString() ?? null,
  POOL_MODIFIED_AT: ({ poolModifiedAt }: Person) => poolModifiedAt.toISOString(),
};

/** The ids that a list ought to have, worked out the plain way. */
export function naiveList(
  people: readonly Person[],
  filter: Filter,
  { field, direction }: Order,
  names: readonly string[] = NAME_ATTRIBUTES,
): string[] {
  const sign = direction === 'ASC' ? 1 : -1;
  return people
    .filter((person) => matches(person, filter, names))
    .map((person) => ({ id: person.id, key: KEYS[field](person) }))
    .sort((a, b) => {
      if ((a.key === null) !== (b.key === null)) return a.key === null ? 1 : -1;
      return sign * (byBytes(a.key ?? '', b.key ?? '') || byBytes(a.id, b.id));
    })
    .map(({ id }) => id);
}

/** JavaScript compares halves of characters; the collation "C" compares UTF-8. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function matches(person: Person, filter: Filter, names: readonly string[]): boolean {
  const { attributes, username, lastSeenAt, createdAt } = person;
  const { email = '', phone_number = '', name = '' } = attributes;
  const texts = names.map((attribute) => attributes[attribute] ?? '');
  const searched = names === NAME_ATTRIBUTES ? [...texts, email, phone_number, username] : texts;
  const checks: Record<keyof Filter, (value: never) => boolean> = {
    search: (value: string) => searched.some((text) => folded(text).includes(folded(value))),
    name: (value: string) => folded(name).includes(folded(value)),
    email: (value: string) => keyOf(email) === keyOf(value),
    emailVerified: (value: boolean) => (attributes.email_verified === 'true') === value,
    phoneNumber: (value: string) => keyOf(phone_number) === keyOf(value),
    username: (value: string) => keyOf(username) === keyOf(value),
    group: (value: string) => person.groups?.includes(value) === true,
    status: (value: string) => person.status === value,
    enabled: (value: boolean) => person.enabled === value,
    createdAfter: (value: string) => createdAt >= new Date(value),
    createdBefore: (value: string) => createdAt < new Date(value),
    lastSeenAfter: (value: string) => lastSeenAt !== null && lastSeenAt >= new Date(value),
    lastSeenBefore: (value: string) => lastSeenAt !== null && lastSeenAt < new Date(value),
  };
  return Object.entries(filter).every(([input, value]) =>
    // Each check takes its own input's value.
    checks[input as keyof Filter](value as never),
  );
}
