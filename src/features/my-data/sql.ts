/** SQL about a row, given by its alias, and the person, whose id is `ME`. */
export type Condition = (row: string) => string;

/** The id of the person whose data is read. */
export const ME = 'me.id';
