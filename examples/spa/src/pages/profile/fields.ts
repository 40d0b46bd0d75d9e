import { CombinedGraphQLErrors } from '@apollo/client';
import type { MyProfileFragment } from '../../graphql/graphql.ts';

export type FieldName = Exclude<keyof MyProfileFragment['profile'], 'stale'>;

interface FieldText {
  readonly name: FieldName;
  readonly label: string;
  readonly hint?: string;
}

/** What can be edited, in the order of the form. */
export const FIELDS: readonly FieldText[] = [
  { name: 'name', label: 'Full name' },
  { name: 'givenName', label: 'Given name' },
  { name: 'familyName', label: 'Family name' },
  { name: 'nickname', label: 'Nickname' },
  { name: 'picture', label: 'Picture', hint: 'An https URL' },
  { name: 'website', label: 'Website', hint: 'An https URL' },
  { name: 'locale', label: 'Language', hint: 'Such as en-GB' },
  { name: 'zoneinfo', label: 'Time zone', hint: 'Such as Europe/Lisbon' },
];

/** The codes of refusals that are about the value of a field. */
const ABOUT_VALUES: ReadonlySet<unknown> = new Set(['BAD_USER_INPUT', 'FORBIDDEN', 'CONFLICT']);

/**
 * What a refusal says of each field. The message names inputs in backquotes: a sentence each ("The input `picture`
 * must be an https URL."), or one for several.
 */
export function faultsByField(error: Error | undefined): { readonly [Name in FieldName]?: string } {
  const [refusal] = CombinedGraphQLErrors.is(error) ? error.errors : [];
  if (refusal === undefined || !ABOUT_VALUES.has(refusal.extensions?.code)) return {};
  const { message } = refusal;
  const sentences = message.split(/(?<=\.) (?=The input )/);
  return Object.fromEntries(
    FIELDS.flatMap(({ name }) => {
      const sentence = sentences.find((sentence) => sentence.includes(`\`${name}\``));
      return sentence === undefined
        ? []
        : [[name, sentence.replace(`The input \`${name}\``, 'It')]];
    }),
  );
}
