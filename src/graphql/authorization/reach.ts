import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
} from 'graphql';
import { OnDenied } from '../../auth/authorized.js';
import { objectTypesOf } from './check-public.js';
import { type Asker, lackOf } from './decide.js';
import { argumentOf, memberOf } from './elements.js';
import { rulesOf } from './schema-rules.js';

/** What becomes of asking for something: an answer, null without an error, or a refusal. */
export type Reach = 'yes' | 'null' | 'no';

export interface Reaching {
  readonly viewer: Asker;
  /** Whether every object belongs to the viewer, and every `self` argument names them. */
  readonly owns: boolean;
}

type Field = GraphQLField<unknown, unknown>;

/**
 * What the viewer reaches from the root fields, by schema coordinate: the best access over all paths.
 * What no path leads to, whoever asks, is not in it.
 */
export function reachOf(schema: GraphQLSchema, reaching: Reaching): ReadonlyMap<string, Reach> {
  const reach = new Map<string, Reach>();

  function ruleAt(coordinate: string): Reach {
    const rule = rulesOf(schema).authorized.get(coordinate);
    if (rule === undefined) return 'yes';
    if (lackOf(rule, reaching.viewer, () => reaching.owns) === undefined) return 'yes';
    return rule.onDenied === OnDenied.NULL ? 'null' : 'no';
  }

  /** Whether this path is better than those before. */
  function improve(coordinate: string, access: Reach): boolean {
    const known = reach.get(coordinate);
    if (known !== undefined && RANK[known] >= RANK[access]) return false;
    reach.set(coordinate, access);
    return true;
  }

  function enterObject(type: GraphQLObjectType, access: Reach) {
    if (!improve(type.name, access)) return;
    for (const field of Object.values<Field>(type.getFields())) enterField(type, field, access);
  }

  function enterField(type: GraphQLObjectType, field: Field, hasObject: Reach) {
    const access = both(hasObject, ruleAt(memberOf(type, field)));
    improve(memberOf(type, field), access);
    for (const argument of field.args) {
      const coordinate = argumentOf(type, field, argument);
      const hasArgument = given(coordinate, access);
      improve(coordinate, hasArgument);
      enterInput(argument.type, hasArgument);
    }
    for (const value of objectTypesOf(field.type, schema)) {
      enterObject(value, both(access, ruleAt(value.name)));
    }
  }

  function enterInput(type: GraphQLInputType, access: Reach) {
    const named = getNamedType(type);
    if (isInputObjectType(named) && improve(named.name, access)) {
      for (const field of Object.values(named.getFields())) {
        const hasField = given(memberOf(named, field), access);
        improve(memberOf(named, field), hasField);
        enterInput(field.type, hasField);
      }
    }
    if (isEnumType(named)) {
      for (const value of named.getValues()) {
        improve(memberOf(named, value), given(memberOf(named, value), access));
      }
    }
  }

  /** A refused input refuses the operation, whatever its place would have answered. */
  function given(coordinate: string, access: Reach): Reach {
    return ruleAt(coordinate) === 'yes' ? access : 'no';
  }

  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const root of roots) if (root) enterObject(root, 'yes');
  return reach;
}

const RANK: Record<Reach, number> = { no: 0, null: 1, yes: 2 };

function both(first: Reach, second: Reach): Reach {
  return first === 'yes' ? second : first;
}
