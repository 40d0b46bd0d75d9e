/** What generated code may use, by where it comes from; folders of the project from `src/features/<folder>/`. */
const MODULES: Readonly<Record<string, string>> = {
  '@mikro-orm/core': 'OptionalProps,type Ref',
  '@mikro-orm/decorators/legacy': 'Entity,Enum,Index,ManyToOne,Property',
  'graphql-scalars': 'GraphQLDateTime,GraphQLLocalDate,GraphQLUUID',
  'type-graphql':
    'Arg,Args,Ctx,Field,FieldResolver,Float,ID,InputType,Int,Mutation,ObjectType,Query,Resolver,Root,registerEnumType',
  '../../auth/authorized.js': 'Authorized,Owner',
  '../../auth/role.js': 'STAFF',
  '../../database/base-entity.js': 'BaseEntity,Node',
  '../../database/remove-row.js': 'removeRow',
  '../../directory/index.js': 'User',
  '../../graphql/checked-input.js': 'decimalIn,numberIn,textIn',
  '../../graphql/pagination/index.js':
    'type Connection,connectionOf,type KeysetOrder,keysetPage,OrderDirection,PageArgs',
  '../../graphql/relations/index.js': 'LoadOne,relatedPage',
  '../../graphql/uuid.js': 'uuidOf',
  '../../request/context.js': 'type Context',
  '../../request/feature.js': 'type Feature',
};

/** Names that generated code uses for something else. */
export const USED_NAMES: ReadonlySet<string> = new Set(
  Object.values(MODULES)
    .flatMap((names) => names.split(','))
    .map((name) => name.replace('type ', '')),
);

/** Code below the imports of the names that it uses: the known ones, and those of further modules. */
export function withImports(code: string, further: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ ...MODULES, ...further }).flatMap(([module, names]) => {
    const used = names
      .split(',')
      .filter((name) => new RegExp(`\\b${name.replace('type ', '')}\\b`).test(code));
    if (used.length === 0) return [];
    const isOfTypes = used.every((name) => name.startsWith('type '));
    const named = isOfTypes ? used.map((name) => name.slice('type '.length)) : used;
    return [`import ${isOfTypes ? 'type ' : ''}{ ${named.join(', ')} } from '${module}';`];
  });
  return `${lines.join('\n')}\n\n${code.trim()}\n`;
}
