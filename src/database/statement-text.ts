/** Characters of a statement that are shown. */
const LONGEST = 2_000;

/** String literals of PostgreSQL, dollar-quoted ones too, and numbers that are not part of a name. */
const LITERALS = /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|(?<![\w$".])\d+(?:\.\d+)?(?![\w"])/g;

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
