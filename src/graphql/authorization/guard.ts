import {
  defaultFieldResolver,
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { OnDenied } from '../../auth/authorized.js';
import type { Viewer } from '../../auth/viewer.js';
import type { LifeguardError } from '../../errors.js';
import type { Context } from '../../request/context.js';
import { objectTypesOf } from './check-public.js';
import { isSelf, lackOf, standingOf } from './decide.js';
import { isRootType, memberOf } from './elements.js';
import { type Explain, type Guard, nestedRefusal } from './refusal.js';
import { isOwn } from './rows/is-own.js';
import { rowRulesOf } from './rows/row-rules.js';
import { rulesOf } from './schema-rules.js';

type Field = GraphQLField<unknown, Context>;
type Asked = { readonly context: Context; readonly info: GraphQLResolveInfo };

/** What stands in a refused position: null, or an error, which graphql-js takes like a thrown one. */
type Instead = null | LifeguardError;

/** Guards the fields of the schema, and the values they return, while an operation executes. */
export function guardResolvers(schema: GraphQLSchema, explain: Explain): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const field of Object.values<Field>(type.getFields())) {
      const coordinate = memberOf(type, field);
      const rule = rulesOf(schema).authorized.get(coordinate);
      const values = valueGuard(field.type, schema, explain);
      if (values) guardValues(field, values);
      if (rule === undefined) continue;
      const guard = { coordinate, rule };
      if (isRootType(type, schema)) guardRootField(field, guard, explain);
      else guardField(field, guard, explain);
    }
  }
}

function guardField(field: Field, guard: Guard, explain: Explain) {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, context, info) => {
    const refused = insteadOf(source, guard, { context, info }, explain);
    return refused === undefined ? resolve(source, args, context, info) : refused;
  };
}

/** Before execution the plugin has decided already; this holds where it is not installed. */
function guardRootField(field: Field, guard: Guard, explain: Explain) {
  const { rule } = guard;
  const { resolve = defaultFieldResolver, subscribe } = field;
  const assertAllowed = (args: Record<string, unknown>, { viewer }: Context) => {
    const self = rule.self === undefined ? undefined : args[rule.self];
    const lack = lackOf(rule, viewer, () => isSelf(self, viewer));
    if (lack !== undefined) throw nestedRefusal(guard, viewer, lack, explain);
  };
  field.resolve = (source, args, context, info) => {
    assertAllowed(args, context);
    return resolve(source, args, context, info);
  };
  if (subscribe === undefined) return;
  field.subscribe = (source, args, context, info) => {
    assertAllowed(args, context);
    return subscribe(source, args, context, info);
  };
}

function insteadOf(
  object: unknown,
  guard: Guard,
  { context: { viewer }, info }: Asked,
  explain: Explain,
): Instead | undefined {
  const owns = () => isOwn(object, viewer, rowRulesOf(info.schema));
  const lack = lackOf(guard.rule, viewer, owns);
  if (lack === undefined) return undefined;
  return guard.rule.onDenied === OnDenied.NULL ? null : nestedRefusal(guard, viewer, lack, explain);
}

interface ValueGuard {
  readonly type: GraphQLOutputType;
  /** True where no object can change the decision, so that values need not be looked at. */
  passes(viewer: Viewer): boolean;
  /** The value, or what stands in its place. */
  admit(value: unknown, asked: Asked): unknown;
}

function guardValues(field: Field, values: ValueGuard) {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, context, info) => {
    const value = resolve(source, args, context, info);
    return values.passes(context.viewer) ? value : admitted(value, values, { context, info });
  };
}

/** Apart, since the function within makes each call dearer, and lists have many that pass. */
function admitted(value: unknown, values: ValueGuard, asked: Asked): unknown {
  return admitAll(value, values.type, (item) => values.admit(item, asked));
}

/** The guard of what a field of this type returns; undefined where no type in question has a rule. */
function valueGuard(
  type: GraphQLOutputType,
  schema: GraphQLSchema,
  explain: Explain,
): ValueGuard | undefined {
  const guards = new Map<string, Guard>();
  for (const { name } of objectTypesOf(type, schema)) {
    const rule = rulesOf(schema).authorized.get(name);
    if (rule) guards.set(name, { coordinate: name, rule });
  }
  if (guards.size === 0) return undefined;
  const rules = [...guards.values()].map(({ rule }) => rule);
  const named = getNamedType(type);
  const admitAs = (name: string | undefined, value: unknown, asked: Asked): unknown => {
    const guard = name === undefined ? undefined : guards.get(name);
    const instead = guard && insteadOf(value, guard, asked, explain);
    return instead === undefined ? value : instead;
  };
  return {
    type,
    passes: (viewer) => rules.every((rule) => standingOf(rule, viewer).kind === 'passes'),
    admit(value, asked) {
      if (!isAbstractType(named)) return admitAs(named.name, value, asked);
      const name = runtimeTypeOf(value, named, asked);
      return typeof name === 'object'
        ? name.then((settled) => admitAs(settled, value, asked))
        : admitAs(name, value, asked);
    },
  };
}

function runtimeTypeOf(value: unknown, type: GraphQLAbstractType, { context, info }: Asked) {
  return (type.resolveType ?? defaultTypeResolver)(value, context, info, type);
}

/** Applies `admit` to each value in its position: through promises and lists. */
function admitAll(
  value: unknown,
  type: GraphQLOutputType,
  admit: (value: unknown) => unknown,
): unknown {
  if (isPromise(value)) return value.then((settled) => admitAll(settled, type, admit));
  if (value === null || value === undefined || value instanceof Error) return value;
  if (isNonNullType(type)) return admitAll(value, type.ofType, admit);
  if (!isListType(type)) return admit(value);
  if (!isIterable(value)) throw new TypeError('The value of a guarded list is not iterable.');
  return Array.from(value, (item) => admitAll(item, type.ofType, admit));
}

function isPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
