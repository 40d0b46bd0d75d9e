/** Keeps for a decorator which property of a class carries it. Subclasses inherit it. */
export class PropertyMark<Options> {
  readonly #name: string;
  readonly #marked = new WeakMap<object, Marked<Options>>();

  /** @param name as it is written, such as `@Owner()` */
  constructor(name: string) {
    this.#name = name;
  }

  /** @throws TypeError where another property of the class carries it. */
  put(prototype: object, property: string | symbol, options: Options): void {
    if (this.#marked.has(prototype)) {
      throw new TypeError(
        `${prototype.constructor.name} has two ${this.#name} properties; keep one.`,
      );
    }
    this.#marked.set(prototype, { property, options });
  }

  /** On the class of an object, or on one that it extends. */
  on(object: object): Marked<Options> | undefined {
    for (let link: object | null = object; link !== null; link = Object.getPrototypeOf(link)) {
      const marked = this.#marked.get(link);
      if (marked !== undefined) return marked;
    }
    return undefined;
  }
}

export interface Marked<Options> {
  readonly property: string | symbol;
  readonly options: Options;
}
