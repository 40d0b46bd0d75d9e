import {
  type EntitySpec,
  enumsOf,
  type FieldSpec,
  ordersOf,
  parentsOf,
  type RelationSpec,
} from '../entity-spec.js';
import { fieldCode } from '../field-code.js';
import { spoken, withArticle } from '../names.js';
import { withImports } from './imports.js';

export function entityFile(spec: EntitySpec, further: Readonly<Record<string, string>>): string {
  const { name, table, fields, ownership } = spec;
  const noun = spoken(name);
  const isOwned = ownership.kind !== 'nobody';
  const rule = isOwned ? '{ roles: [...STAFF], owner: true }' : '';
  const enums = enumsOf(spec).map(
    ({ type, values }) => `export enum ${type} {
      ${values.map((value) => `${value} = '${value}',`).join('\n')}
    }
    registerEnumType(${type}, { name: '${type}' });\n`,
  );
  return withImports(
    `${enums.join('\n')}
    /** ${WHOSE[ownership.kind]} */
    @Authorized(${rule})
    @ObjectType({ implements: [Node, BaseEntity], description: '${sentence(withArticle(noun))}' })
    @Entity({ tableName: '${table}' })
    ${indexesOf(spec).join('\n')}
    export class ${name} extends BaseEntity {
      ${[...(ownership.kind === 'person' ? [OWNER] : []), ...fields.map((field) => property(field, spec))].join('\n\n')}
    }`,
    further,
  );
}

const WHOSE = {
  person: "A person's own: staff sees it besides, nobody else.",
  through: 'Of whoever has what it hangs on: staff sees it besides, nobody else.',
  nobody: "Nobody's own: every signed-in person sees it, and staff writes it.",
};

const OWNER = `[OptionalProps]?: 'user';

  @Owner()
  @LoadOne(() => User)
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;`;

/** One for each order of each list: of all rows, and of those that hang on another. */
function indexesOf(spec: EntitySpec): readonly string[] {
  const lists = [[], ...parentsOf(spec).map(({ name }) => [name])];
  return lists.flatMap((list) =>
    ordersOf(spec).map((order) => {
      const properties = [...list, order, 'id'].map((name) => `'${name}'`).join(', ');
      return `@Index({ properties: [${properties}] })`;
    }),
  );
}

function property(field: FieldSpec, spec: EntitySpec): string {
  if (field.kind === 'relation') return relation(field, spec);
  const { typescript, graphql, column } = fieldCode(field);
  const decorator = field.kind === 'enum' ? 'Enum' : 'Property';
  const declared = field.nullable ? `: ${typescript} | null = null` : `!: ${typescript}`;
  return `@Field(() => ${graphql}${field.nullable ? ', { nullable: true }' : ''})
    @${decorator}({ ${column}${field.nullable ? ', nullable: true' : ''} })
    ${field.name}${declared};`;
}

function relation({ name, type, nullable }: RelationSpec, { ownership }: EntitySpec): string {
  const isOwner = ownership.kind === 'through' && ownership.relation === name;
  const rule = isOwner ? 'cascade' : nullable ? 'set null' : 'restrict';
  const options = nullable ? ', nullable: true' : '';
  return `${isOwner ? '@Owner()\n' : ''}@LoadOne(() => ${type}${nullable ? ', { nullable: true }' : ''})
    @ManyToOne({ entity: () => ${type}, ref: true, deleteRule: '${rule}'${options} })
    ${name}${nullable ? `: Ref<${type}> | null = null` : `!: Ref<${type}>`};`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
