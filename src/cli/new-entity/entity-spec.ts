/** What an entity is asked to be. */
export interface EntitySpec {
  /** Such as `OrderItem`. */
  readonly name: string;
  /** Such as `OrderItems`. */
  readonly plural: string;
  readonly table: string;
  readonly fields: readonly FieldSpec[];
  readonly ownership: Ownership;
}

/** Whose the rows are: a person's own, those of whoever has the row that a relation leads to, or nobody's. */
export type Ownership =
  | { readonly kind: 'person' }
  | { readonly kind: 'through'; readonly relation: string }
  | { readonly kind: 'nobody' };

interface Named {
  readonly name: string;
  readonly nullable: boolean;
}

export type FieldSpec = ValueSpec | EnumSpec | RelationSpec;

export type ValueSpec = Named &
  (
    | { readonly kind: 'text'; readonly most: number }
    | { readonly kind: 'int'; readonly least: number; readonly most: number }
    | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
    | { readonly kind: 'float' | 'boolean' | 'datetime' | 'date' | 'uuid' }
  );

export interface EnumSpec extends Named {
  readonly kind: 'enum';
  readonly type: string;
  readonly values: readonly string[];
}

/** To one row of another entity. */
export interface RelationSpec extends Named {
  readonly kind: 'relation';
  readonly type: string;
}

export function relationsOf({ fields }: EntitySpec): readonly RelationSpec[] {
  return fields.filter((field) => field.kind === 'relation');
}

export function enumsOf({ fields }: EntitySpec): readonly EnumSpec[] {
  return fields.filter((field) => field.kind === 'enum');
}

/** What rows may be ordered by, the moment at which they were made first. */
export function ordersOf({ fields }: EntitySpec): readonly string[] {
  const times = fields.filter(({ kind }) => kind === 'datetime' || kind === 'date');
  return ['createdAt', ...times.map(({ name }) => name)];
}

/** What rows hang on: the relations, and the person that they belong to. */
export function parentsOf(spec: EntitySpec): readonly { name: string; type: string }[] {
  const person = spec.ownership.kind === 'person' ? [{ name: 'user', type: 'User' }] : [];
  return [...person, ...relationsOf(spec)];
}
