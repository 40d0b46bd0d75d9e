import type { GraphQLSchema } from 'graphql';
import { type AuthorizedRule, authorizedSdl } from '../../auth/authorized.js';
import { directiveNode } from './directives.js';
import { addDirective, directivesOn, elementsOf } from './elements.js';
import { type Fault, misplaced, noSuchThing } from './faults.js';

/** Rules by schema coordinate, such as `Profile.zoneinfo` or `Query.users(filter:)`. */
export type RulesByCoordinate = Readonly<Record<string, AuthorizedRule>>;

/** Adds rules that are known only with the configuration, as if they were decorators. */
export function applyRules(schema: GraphQLSchema, rules: RulesByCoordinate): readonly Fault[] {
  const elements = new Map([...elementsOf(schema)].map((element) => [element.coordinate, element]));
  return Object.entries(rules).flatMap(([coordinate, rule]): readonly Fault[] => {
    const element = elements.get(coordinate);
    if (element === undefined) return [noSuchThing(coordinate)];
    // Scalars are shared with other schemas, so that they are not even marked.
    if (element.kind === 'other type') return [misplaced(coordinate)];
    addDirective(element.element, directiveNode(authorizedSdl(rule)));
    return [];
  });
}

/** A root field that says nothing is for signed-in people, and the schema shows it. */
export function denyByDefault(schema: GraphQLSchema): void {
  for (const { kind, element } of elementsOf(schema)) {
    if (kind !== 'operation') continue;
    const rules = [...directivesOn(element, 'authorized'), ...directivesOn(element, 'public')];
    if (rules.length === 0) addDirective(element, directiveNode('@authorized'));
  }
}
