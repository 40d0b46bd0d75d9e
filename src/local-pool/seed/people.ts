/** The password of every seeded person; it is no secret. */
export const SEEDED_PASSWORD = 'Lifeguard1!';

export interface SeededPerson {
  readonly username: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly group?: 'admin' | 'support';
  readonly state?: 'disabled' | 'temporary';
}

/** Those whom the documentation names. */
export const NAMED: readonly SeededPerson[] = [
  {
    username: 'ada',
    email: 'ada@example.com',
    givenName: 'Ada',
    familyName: 'Okafor',
    group: 'admin',
  },
  {
    username: 'sam',
    email: 'sam@example.com',
    givenName: 'Sam',
    familyName: 'Lindqvist',
    group: 'support',
  },
  { username: 'uma', email: 'uma@example.com', givenName: 'Uma', familyName: 'Sharma' },
  {
    username: 'dan',
    email: 'dan@example.com',
    givenName: 'Dan',
    familyName: 'Moreau',
    state: 'disabled',
  },
  {
    username: 'fay',
    email: 'fay@example.com',
    givenName: 'Fay',
    familyName: 'Tanaka',
    state: 'temporary',
  },
  {
    username: 'twin-confirmed',
    email: 'twin@example.com',
    givenName: 'Toni',
    familyName: 'Winter',
  },
];

/** Signed up with the address of another, never confirmed. */
export const UNCONFIRMED = [
  { username: 'twin-first', email: 'twin@example.com' },
  { username: 'twin-second', email: 'twin@example.com' },
] as const;

const GIVEN = [
  'Amara',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Farid',
  'Grace',
  'Hiroshi',
  'Ines',
  'Jonas',
  'Keiko',
  'Liam',
  'Mei',
  'Nadia',
  'Oscar',
  'Priya',
  'Quentin',
  'Rosa',
  'Stefan',
  'Thandi',
];
const FAMILY = [
  'Abara',
  'Bianchi',
  'Chen',
  'Dubois',
  'Eriksen',
  'Fernandes',
  'Gupta',
  'Haddad',
  'Ivanova',
  'Jansen',
];

/** 180 people with pictures, so that a list has more than three pages of 60. */
export const OTHERS: readonly SeededPerson[] = FAMILY.slice(0, 9).flatMap((familyName) =>
  GIVEN.map((givenName) => {
    const username = `${givenName}.${familyName}`.toLowerCase();
    return { username, email: `${username}@example.com`, givenName, familyName };
  }),
);
