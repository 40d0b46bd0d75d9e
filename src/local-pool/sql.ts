/** Runs one statement with `$1`, `$2`, ... and answers with its rows, by column name. */
export interface Sql {
  query<Row>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** PostgreSQL keeps neither the NUL character nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
