import { type GraphQLSchema, isInterfaceType, isIntrospectionType, isObjectType } from 'graphql';
import { describeCost } from './field-cost.js';

/** Adds what it counts for the cost limit to the description of every field. */
export function describeCosts(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const cost = describeCost(field, type);
      field.description = [field.description, cost].filter(Boolean).join('\n\n');
    }
  }
}
