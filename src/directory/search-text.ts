/** Between the texts that are searched together: no term holds a control character. */
export const SEPARATOR = '\n';

/** The names of a person, in the order in which they are kept. */
export const NAME_ATTRIBUTES = [
  'name',
  'given_name',
  'family_name',
  'nickname',
  'preferred_username',
] as const;

/** A B-tree takes keys of up to 2,700 bytes; a character takes at most four. */
const MAX_LENGTH = 256;

/** Marks that are left of a letter such as é when it is taken apart; signs of other scripts stay. */
const DIACRITICS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]/g;

/** Letters that Unicode does not take apart though people type them without their stroke or as two. */
const ALIKE: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};
const ALIKE_LETTERS = new RegExp(`[${Object.keys(ALIKE).join('')}]`, 'g');

/** What an account is searched and ordered by; all made here, so that no database's locale has a say. */
export interface SearchTexts {
  /** The names, folded, in the order of `NAME_ATTRIBUTES`, each with a `SEPARATOR` before the next. */
  readonly names: string;
  /** E-mail address, telephone number and user name, folded and without spaces: no term with one is among them. */
  readonly contacts: string;
  readonly email: string | null;
  readonly phoneNumber: string | null;
  readonly username: string | null;
}

export function searchTextsOf(
  attributes: Readonly<Record<string, string>>,
  username: string,
): SearchTexts {
  const { email = '', phone_number = '' } = attributes;
  return {
    names: NAME_ATTRIBUTES.map((name) => folded(attributes[name] ?? '')).join(SEPARATOR),
    contacts: [email, phone_number, username]
      .map((contact) => folded(contact).replaceAll(' ', ''))
      .join(SEPARATOR),
    email: keyOf(email) || null,
    phoneNumber: keyOf(phone_number) || null,
    username: keyOf(username) || null,
  };
}

/** What is searched: like `keyOf`, and without diacritics, so that `jose` finds José. */
export function folded(value: string): string {
  const apart = inOneCase(seen(value).normalize('NFKD')).normalize('NFKD').replace(DIACRITICS, '');
  return bounded(apart.replace(ALIKE_LETTERS, (letter) => ALIKE[letter] ?? letter));
}

/** What is compared as a whole: compatible characters and cases made one (Unicode's NFKC), spaces collapsed. */
export function keyOf(value: string): string {
  return bounded(inOneCase(seen(value).normalize('NFKC')));
}

/** Without characters that nobody sees or types: controls, and formats such as a joiner. */
function seen(value: string): string {
  return value
    .toWellFormed()
    .replace(/\s/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '');
}

/** Cases first up, then down: `ſ` and `S` meet only so. */
function inOneCase(value: string): string {
  return value.toUpperCase().toLowerCase();
}

function bounded(value: string): string {
  const text = value.normalize('NFKC').replace(/\s+/g, ' ').trim();
  return [...text].slice(0, MAX_LENGTH).join('').trim();
}
