import { type EntitySpec, parentsOf, relationsOf } from '../entity-spec.js';
import { fieldCode } from '../field-code.js';
import { camel, pascal, spoken, withArticle } from '../names.js';
import { withImports } from './imports.js';

export function resolverFile(spec: EntitySpec, further: Readonly<Record<string, string>>): string {
  const { name, plural, ownership } = spec;
  const row = camel(name);
  const noun = spoken(name);
  const writers = ownership.kind === 'nobody' ? '{ roles: [...STAFF] }' : '';
  return withImports(
    `const ${name}Connection = connectionOf(${name}, '${name}');

    @Resolver()
    export class ${plural}Resolver {
      @Authorized()
      @Query(() => ${name}Connection, {
        description: 'The ${spoken(plural)} that the viewer may see, the newest first unless ordered otherwise.',
      })
      ${camel(plural)}(
        @Args(() => PageArgs) page: PageArgs,
        @Arg('orderBy', () => ${name}Order, { nullable: true }) orderBy: ${name}Order | null | undefined,
        @Ctx() context: Context,
      ): Promise<Connection<${name}>> {
        const list = { entity: ${name}, where: {}, orderBy: keysetOrder(orderBy) };
        return keysetPage(context, list, page);
      }

      @Authorized(${writers})
      @Mutation(() => Create${name}Payload, { description: '${createSays(spec)}' })
      async create${name}(
        @Arg('input', () => Create${name}Input) input: Create${name}Input,
        @Ctx() { em }: Context,
      ): Promise<Create${name}Payload> {
        ${creation(spec)}
        await em.flush();
        return { ${row} };
      }

      @Authorized(${writers})
      @Mutation(() => Update${name}Payload, { description: 'Changes ${withArticle(noun)}.' })
      async update${name}(
        @Arg('input', () => Update${name}Input) input: Update${name}Input,
        @Ctx() { em }: Context,
      ): Promise<Update${name}Payload> {
        const ${row} = await em.findOneOrFail(${name}, uuidOf('input.id', input.id));
        em.assign(${row}, changed${name}(input, ${row}));
        await em.flush();
        return { ${row} };
      }

      @Authorized(${writers})
      @Mutation(() => Delete${name}Payload, { description: 'Deletes ${withArticle(noun)}.' })
      async delete${name}(
        @Arg('input', () => Delete${name}Input) input: Delete${name}Input,
        @Ctx() { em }: Context,
      ): Promise<Delete${name}Payload> {
        const ${row} = await em.findOneOrFail(${name}, uuidOf('input.id', input.id));
        await removeRow(em, ${row});
        return { id: ${row}.id };
      }
    }

    ${parentsOf(spec)
      .map((parent) => relatedResolver(spec, parent))
      .join('\n\n')}`,
    further,
  );
}

export function payloadsFile(
  { name }: EntitySpec,
  further: Readonly<Record<string, string>>,
): string {
  return withImports(
    `${['Create', 'Update']
      .map(
        (action) => `@ObjectType()
        export class ${action}${name}Payload {
          @Field(() => ${name})
          ${camel(name)}!: ${name};
        }`,
      )
      .join('\n\n')}

    @ObjectType()
    export class Delete${name}Payload {
      @Field(() => ID, { description: 'Of what is no more.' })
      id!: string;
    }`,
    further,
  );
}

export function indexFile(spec: EntitySpec, further: Readonly<Record<string, string>>): string {
  const { name, plural } = spec;
  return withImports(
    `export const ${camel(plural)}: Feature = {
      resolvers: [${resolversOf(spec).join(', ')}],
      entities: [${name}],
    };`,
    further,
  );
}

/** The names of the resolver classes. */
export function resolversOf(spec: EntitySpec): readonly string[] {
  const related = parentsOf(spec).map((parent) => relatedName(spec, parent));
  return [`${spec.plural}Resolver`, ...related];
}

interface Parent {
  readonly name: string;
  readonly type: string;
}

/** Of two relations to one type the second and further ones say which they are. */
export function relatedField(spec: EntitySpec, parent: Parent): string {
  const list = camel(spec.plural);
  const [first] = parentsOf(spec).filter(({ type }) => type === parent.type);
  return first?.name === parent.name ? list : `${list}By${pascal(parent.name)}`;
}

export function relatedName(spec: EntitySpec, parent: Parent): string {
  const field = relatedField(spec, parent);
  return `${parent.type}${pascal(field)}Resolver`;
}

function relatedResolver(spec: EntitySpec, parent: Parent): string {
  const { name, plural } = spec;
  return `@Resolver(() => ${parent.type})
    export class ${relatedName(spec, parent)} {
      @FieldResolver(() => ${name}Connection, {
        description: '${parent.type === 'User' ? 'Their' : 'Its'} ${spoken(plural)}, the newest first unless ordered otherwise.',
      })
      ${relatedField(spec, parent)}(
        @Root() parent: ${parent.type},
        @Args(() => PageArgs) page: PageArgs,
        @Arg('orderBy', () => ${name}Order, { nullable: true }) orderBy: ${name}Order | null | undefined,
        @Ctx() context: Context,
      ): Promise<Connection<${name}>> {
        const list = { entity: ${name}, relation: '${parent.name}', parent } as const;
        return relatedPage(context, { ...list, orderBy: keysetOrder(orderBy) }, page);
      }
    }`;
}

/** The input is looked at before anything is asked of the database. */
function creation(spec: EntitySpec): string {
  const { name } = spec;
  const row = camel(name);
  const relations = relationsOf(spec);
  if (relations.length === 0) return `const ${row} = em.create(${name}, ${row}Values(input));`;
  const names = relations.map((relation) => relation.name).join(', ');
  return `const values = ${row}Values(input);
        ${relations.map(found).join('\n')}
        const ${row} = em.create(${name}, { ...values, ${names} });`;
}

/** What a relation of a new row leads to has to be there, for the viewer to see. */
function found(relation: { name: string; type: string; nullable: boolean }): string {
  const { name, type, nullable } = relation;
  const input = `input.${fieldCode({ ...relation, kind: 'relation' }).input}`;
  const find = `await em.findOneOrFail(${type}, uuidOf('${input}', ${input}))`;
  return `const ${name} = ${nullable ? `${input} == null ? null : ${find}` : find};`;
}

function createSays({ name, ownership }: EntitySpec): string {
  const noun = withArticle(spoken(name));
  return ownership.kind === 'person' ? `Makes ${noun} of the viewer.` : `Makes ${noun}.`;
}
