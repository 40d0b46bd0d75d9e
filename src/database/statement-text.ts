/** Characters of a statement that are shown. */
const LONGEST = 2_000;

/**
 * String literals of PostgreSQL, with escapes and dollar-quoted ones too, and numbers that are not part of a name. One
 * without an end, such as that of a statement that was cut, goes on to the end.
 */
const LITERALS =
  /\be'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|(?<![\w$".])\d+(?:\.\d+)?(?![\w"])/gi;

/** A statement as it may be shown and counted: without values, and lists of them as one. */
export function statementText(sql: string): string {
  return sql
    .slice(0, 10 * LONGEST)
    .replace(LITERALS, '?')
    .replace(/\s+/g, ' ')
    .replace(/\(\?(?:, ?\?)+\)/g, '(?)')
    .replace(/(\(\?\))(?:, ?\(\?\))+/g, '$1')
    .slice(0, LONGEST)
    .trim();
}
