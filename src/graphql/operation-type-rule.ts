import { GraphQLError, type ValidationRule } from 'graphql';

/**
 * Refuses an operation of a type that the schema has not, such as a subscription. graphql-js 16
 * leaves that to execution, where it looks like a fault of the server.
 */
export const operationTypeRule: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    context.reportError(
      new GraphQLError(`There are no operations of the type ${node.operation}.`, { nodes: [node] }),
    );
  },
});
