import type { GraphQLSchema } from 'graphql';
import { builtOnce } from '../../request/per-request.js';
import { directivesOn, elementsOf } from './elements.js';
import { type Rule, readReason, readRule } from './rule.js';

/** What the directives of a schema say, by schema coordinate. */
export interface SchemaRules {
  readonly authorized: ReadonlyMap<string, Rule>;
  /** The reasons of what is public. */
  readonly public: ReadonlyMap<string, string>;
  /** Whether anything that a client can put in is guarded: an argument, an input field, an enum value. */
  readonly guardInput: boolean;
}

/** The schema's directives are the only source of its rules: what is printed is what is enforced. */
export const rulesOf: (schema: GraphQLSchema) => SchemaRules = builtOnce(readRules);

function readRules(schema: GraphQLSchema): SchemaRules {
  const authorized = new Map<string, Rule>();
  const open = new Map<string, string>();
  let guardInput = false;
  for (const { kind, coordinate, element } of elementsOf(schema)) {
    for (const node of directivesOn(element, 'authorized')) {
      const rule = readRule(node);
      if ('problems' in rule) continue;
      authorized.set(coordinate, rule);
      guardInput ||= kind === 'argument' || kind === 'input field' || kind === 'enum value';
    }
    for (const node of directivesOn(element, 'public')) {
      const reason = readReason(node);
      if (typeof reason === 'string') open.set(coordinate, reason);
    }
  }
  return { authorized, public: open, guardInput };
}
