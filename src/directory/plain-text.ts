/** Cognito's own limit for the length of an attribute (AWS, "Quotas in Amazon Cognito"). */
const MAX_LENGTH = 2048;

/** Control characters, and those that turn the direction of a text round (Unicode, UAX 9, section 2). */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A value of the pool as it may be shown, null where nothing is left. Clients may write what they like
 * into attributes of their own, so that longer values are cut.
 */
export function boundedText(value: string | undefined): string | null {
  return value?.replace(CONTROLS, '').slice(0, MAX_LENGTH).toWellFormed() || null;
}

/** PostgreSQL takes no NUL and no half of a character: one such value must not keep others away. */
export function storableText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '');
}
