import { type ASTNode, GraphQLError } from 'graphql';

export interface ExceededLimit {
  /** What a client may branch on. */
  readonly reason: 'depth' | 'aliases' | 'root_fields';
  /** Completes "The operation has". */
  readonly what: string;
  readonly asked: number;
  readonly allowed: number;
  readonly hint: string;
  readonly node: ASTNode;
}

/** What a validation rule reports; Apollo Server gives it the code GRAPHQL_VALIDATION_FAILED. */
export function limitError({ reason, what, asked, allowed, hint, node }: ExceededLimit) {
  const amount = Number.isSafeInteger(asked) ? asked : 'too many';
  return new GraphQLError(`The operation has ${amount} ${what}; ${allowed} are allowed.`, {
    nodes: [node],
    extensions: { reason, hint },
  });
}
