/** A rule that cannot be resolved, or a public thing that leads to what is not. */
export interface Fault {
  /** A schema coordinate, such as `Query.user(id:)`. */
  readonly coordinate: string;
  readonly problem: string;
  readonly remedy: string;
}

/** Thrown at start: the message lists every fault with its place and how to mend it. */
export class UnresolvableRulesError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const lines = faults.map(
      ({ coordinate, problem, remedy }) => `- ${coordinate}: ${problem}. ${remedy}.`,
    );
    super(`The rules of the schema cannot be resolved:\n${lines.join('\n')}`);
    this.name = 'UnresolvableRulesError';
    this.faults = faults;
  }
}

/** A rule was given for a coordinate that the schema does not have. */
export function noSuchThing(coordinate: string): Fault {
  return {
    coordinate,
    problem: 'a rule names it, yet the schema has no such thing',
    remedy: 'Write a coordinate such as `User.account` or `Query.user(id:)`',
  };
}

/** A rule was given to what has no place for one. */
export function misplaced(coordinate: string): Fault {
  return {
    coordinate,
    problem: '@authorized has no place on it: only on object types and members',
    remedy: 'Put the rule on the object types that implement or make it up, or on its members',
  };
}
