/** Names that are told apart; clients make them up, and each is a set of time series. */
const MOST_NAMES = 200;

/** Of these, those that strangers may have brought. */
const MOST_OF_STRANGERS = 50;

export interface NamedOperation {
  /** Undefined where the client gave it none. */
  readonly name: string | undefined;
  readonly ofStranger: boolean;
}

/** Operations by the names that clients give them, so many and no more. */
export class OperationNames {
  readonly #known = new Set<string>();
  #ofStrangers = 0;

  /** The name itself, `anonymous` for none, and `other` once there are too many. */
  of({ name, ofStranger }: NamedOperation): string {
    if (name === undefined) return 'anonymous';
    if (this.#known.has(name)) return name;
    if (this.#known.size >= MOST_NAMES) return 'other';
    if (ofStranger) {
      if (this.#ofStrangers >= MOST_OF_STRANGERS) return 'other';
      this.#ofStrangers++;
    }
    this.#known.add(name);
    return name;
  }
}
