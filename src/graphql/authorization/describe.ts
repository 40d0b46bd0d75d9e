import type { GraphQLSchema } from 'graphql';
import { elementsOf } from './elements.js';
import { requirementOf } from './requirement.js';
import { rulesOf } from './schema-rules.js';

/** Ends the description of everything guarded or public with who may: introspection shows no directives. */
export function describeRules(schema: GraphQLSchema): void {
  const rules = rulesOf(schema);
  for (const { coordinate, element } of elementsOf(schema)) {
    const rule = rules.authorized.get(coordinate);
    const reason = rules.public.get(coordinate);
    const access = rule ? `Requires: ${requirementOf(rule)}.` : reason && `Public: ${reason}`;
    if (access) element.description = [element.description, access].filter(Boolean).join('\n\n');
  }
}
