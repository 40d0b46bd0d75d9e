import type { MirroredProfile } from '../../src/directory/mirrored-profile.js';

const GIVEN =
  `Ada Aisha Akira Alejandro Amara Ana Anders Aoife Beatriz Bilal Camille Carlos Chiara Daniel Diego
  Elif Emeka Emma Fatima Felix Freya Giulia Grace Hana Hiroshi Ines Ivan Jamal Jonas Kofi Lars Layla Lena Liam
  Lucia Mateo Mei Mila Mohammed Nadia Noor Olga Omar Priya Rafael Ravi Rosa Samir Sofia Tariq Uma Viktor Wei
  Yara Yusuf Zofia`.split(/\s+/);
const STEMS =
  `Ander Bakk Chen Dela Ever Fisch Gupt Haru Ivan Jans Kova Lind Mora Naka Okaf Pere Quin Ross Silv
  Tana Ugar Vega Wern Xanth Yilm Zhou Brun Cost Duar Espo Ferr Gali Holm Iqba Jura Karl`.split(
    /\s+/,
  );
const ENDINGS =
  'a aki ani berg dal e elli en enko er es ez han i ia ic ini o or ova quist s sen ski son sson u ura'.split(
    ' ',
  );

/** Which of so many people a term is to find: the people of `marks` whose number the rule holds for. */
export interface Mark {
  readonly nickname: string;
  readonly holds: (number: number, of: number) => boolean;
}

/** What searches look for; the share of people who have it is in its name. */
export const MARKS = {
  'one person': { nickname: 'qwyjibo', holds: (number, of) => number === Math.floor(of * 0.7) },
  '0.1%, spread': { nickname: 'zebulonk', holds: (number) => number % 1000 === 17 },
  '1%, spread': { nickname: 'wilhelminx', holds: (number) => number % 100 === 23 },
  '1%, the newest': { nickname: 'lastcomerv', holds: (number, of) => number >= of * 0.99 },
  '10%, spread': { nickname: 'jacarandaq', holds: (number) => number % 10 === 7 },
} as const satisfies Record<string, Mark>;

/** A person by number: the same one in every run. Names differ in how common they are, as names do. */
export function personOf(number: number, of: number, readAt: Date): MirroredProfile {
  const given = pick(GIVEN, skewed(number, 1));
  const family = pick(STEMS, skewed(number, 2)) + pick(ENDINGS, skewed(number, 3));
  const nickname = Object.values<Mark>(MARKS).find(({ holds }) => holds(number, of))?.nickname;
  const username = `${given}.${family}.${number}`.toLowerCase();
  const made = new Date(Date.UTC(2020, 0, 1) + number * 1000);
  return {
    username,
    attributes: {
      name: `${given} ${family}`,
      given_name: given,
      family_name: family,
      ...(nickname !== undefined && { nickname }),
      email: `${username}@example.com`,
      email_verified: number % 9 === 0 ? 'false' : 'true',
      phone_number: `+3519${String(number).padStart(8, '0')}`,
      picture: `https://people.example.com/${username}.jpg`,
      locale: 'pt-PT',
    },
    status: number % 50 === 0 ? 'FORCE_CHANGE_PASSWORD' : 'CONFIRMED',
    enabled: number % 40 !== 0,
    poolCreatedAt: made,
    poolModifiedAt: made,
    attributesReadAt: readAt,
    groups: null,
    groupsReadAt: null,
  };
}

function pick(words: readonly string[], share: number): string {
  return words[Math.floor(share * words.length)] ?? '';
}

/** From 0 to 1, the lower the more often; by a multiplicative hash (Knuth, TAOCP, volume 3, section 6.4). */
function skewed(number: number, salt: number): number {
  const hash = Math.imul(number * 4 + salt, 2_654_435_761) >>> 0;
  return (hash / 2 ** 32) ** 2;
}
