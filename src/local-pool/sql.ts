/** The database, as the local pool asks for it. */
export interface Sql {
  /** Runs one statement with `$1`, `$2`, ... and answers with its rows, by column name. */
  query<Row>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Runs what is asked for through the given one as a whole or, where it throws, not at all. */
  transaction<Result>(run: (sql: Sql) => Promise<Result>): Promise<Result>;
}

/** PostgreSQL keeps neither the NUL character nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
