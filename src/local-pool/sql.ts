/** Runs one statement with `$1`, `$2`, ... and answers with its rows, by column name. */
export interface Sql {
  query<Row>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
}
