/** By prototype: the property that leads to the user an object belongs to. */
const ownerProperties = new WeakMap<object, string | symbol>();

/**
 * Marks the property of a class that leads to the user an object belongs to. Its value is the user's
 * id, or an object with that `id`, such as a `User` or a reference to one. Subclasses inherit it.
 */
export function Owner(): PropertyDecorator {
  return (prototype, property) => {
    if (ownerProperties.has(prototype)) {
      throw new TypeError(`${prototype.constructor.name} has two @Owner() properties; keep one.`);
    }
    ownerProperties.set(prototype, property);
  };
}

/** The id of the user that the object belongs to; none for an object of a class without `@Owner()`. */
export function ownerOf(object: unknown): string | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  const property = ownerPropertyOf(object);
  if (property === undefined) return undefined;
  const owner: unknown = Reflect.get(object, property);
  if (typeof owner === 'string') return owner;
  if (typeof owner !== 'object' || owner === null) return undefined;
  const id: unknown = Reflect.get(owner, 'id');
  return typeof id === 'string' ? id : undefined;
}

/** Whether the instances of a class, given by its prototype, can belong to a user. */
export function hasOwner(prototype: object): boolean {
  return ownerPropertyOf(prototype) !== undefined;
}

/** The property by which instances belong to a user, of a class given by its prototype, or of an instance. */
export function ownerPropertyOf(object: object): string | symbol | undefined {
  for (let link: object | null = object; link !== null; link = Object.getPrototypeOf(link)) {
    const property = ownerProperties.get(link);
    if (property !== undefined) return property;
  }
  return undefined;
}
