import { ApolloLink } from '@apollo/client/link';
import { HttpLink } from '@apollo/client/link/http';
import type { FieldNode, OperationDefinitionNode, SelectionNode, ValueNode } from 'graphql';
import { type LifeguardFetchOptions, lifeguardFetch } from './lifeguard-fetch.js';

export interface LifeguardLinkOptions extends LifeguardFetchOptions {
  /** Such as `https://api.example.com/graphql`. */
  readonly uri: string;
}

/**
 * The end of a chain of Apollo Client's links: `lifeguardFetch`, which is told by each operation whether it may be
 * sent twice. Copy it with `lifeguard-fetch.ts`.
 */
export function lifeguardLink({ uri, ...options }: LifeguardLinkOptions): ApolloLink {
  const send = lifeguardFetch(options);
  return ApolloLink.from([
    new ApolloLink((operation, forward) => {
      const repeatable = isRepeatable(operation);
      operation.setContext(({ fetchOptions }) => ({
        fetchOptions: { ...fetchOptions, repeatable },
      }));
      return forward(operation);
    }),
    new HttpLink({ uri, fetch: (_uri, init) => send(uri, init) }),
  ]);
}

type Operation = Pick<ApolloLink.Operation, 'query' | 'operationName' | 'variables'>;

/**
 * Queries are, and mutations each of whose fields carries an `idempotencyKey`: the server then does what it is asked
 * to once, however often it is asked.
 */
export function isRepeatable({ query, operationName, variables }: Operation): boolean {
  const operations = query.definitions.filter(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === 'OperationDefinition',
  );
  const asked = operations.find(({ name }) => name?.value === operationName) ?? operations[0];
  if (asked?.operation !== 'mutation') return asked?.operation === 'query';
  return asked.selectionSet.selections.every(
    (selection) => isField(selection) && hasKey(selection, variables),
  );
}

const isField = (selection: SelectionNode): selection is FieldNode => selection.kind === 'Field';

function hasKey({ arguments: given = [] }: FieldNode, variables: Operation['variables']): boolean {
  return given.some(({ value }) => {
    const input = givenValue(value, variables);
    const key: unknown = Reflect.get(Object(input), 'idempotencyKey');
    return typeof key === 'string' && key !== '';
  });
}

/** An argument as the server reads it, as far as keys go. */
function givenValue(value: ValueNode, variables: Operation['variables']): unknown {
  if (value.kind === 'Variable') return variables[value.name.value];
  if (value.kind === 'StringValue') return value.value;
  if (value.kind !== 'ObjectValue') return undefined;
  return Object.fromEntries(
    value.fields.map(({ name, value }) => [name.value, givenValue(value, variables)]),
  );
}
