import {
  BREAK,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';

/** A query as a function of the context and of the variables as the client sent them. */
export type Compiled = (
  context: unknown,
  variables: Readonly<Record<string, unknown>>,
) => ExecutionResult | Promise<ExecutionResult>;

/** Times that a query comes before it is compiled, which takes as long as executing it some ten times. */
const TIMES = 10;

let compiler: typeof import('graphql-jit') | undefined;

/** Loads what compiles; not with the server, since nothing comes again so soon, and it takes a start 20 ms. */
export async function loadCompiler(): Promise<void> {
  compiler ??= await import('graphql-jit');
}

/** Queries that are counted: a stranger may send ever new ones. */
const MOST_COUNTED = 1_000;
/** Compiled ones are code, which takes its memory. */
const MOST_COMPILED = 200;

/**
 * The queries that come again and again, compiled: a list of 50 takes a tenth of the time that graphql-js spends
 * on its fields. Mutations and whatever comes seldom are not, nor what has directives: of a field that stands twice and is
 * left out at one place, graphql-jit answers with what was selected at both.
 */
export class CompiledQueries {
  readonly #schema: GraphQLSchema;
  readonly #times: number;
  readonly #counts = new LRUCache<OperationDefinitionNode, number>({ max: MOST_COUNTED });
  readonly #compiled = new LRUCache<
    OperationDefinitionNode,
    { readonly run: Compiled | undefined }
  >({
    max: MOST_COMPILED,
  });

  constructor(schema: GraphQLSchema, times = TIMES) {
    this.#schema = schema;
    this.#times = times;
  }

  /** Undefined for what is not compiled, or not yet. */
  of(document: DocumentNode, operation: OperationDefinitionNode): Compiled | undefined {
    if (operation.operation !== OperationTypeNode.QUERY) return undefined;
    const known = this.#compiled.get(operation);
    if (known !== undefined) return known.run;
    const count = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, count);
    if (count < this.#times) return undefined;
    if (compiler === undefined) {
      void loadCompiler();
      return undefined;
    }
    const run = this.#compile(compiler, document, operation);
    this.#counts.delete(operation);
    this.#compiled.set(operation, { run });
    return run;
  }

  #compile(
    { compileQuery, isCompiledQuery }: NonNullable<typeof compiler>,
    document: DocumentNode,
    { name }: OperationDefinitionNode,
  ): Compiled | undefined {
    if (hasDirectives(document)) return undefined;
    const compiled = compileQuery(this.#schema, document, name?.value);
    if (!isCompiledQuery(compiled)) return undefined;
    return (context, variables) => compiled.query(undefined, context, { ...variables });
  }
}

function hasDirectives(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive: () => {
      found = true;
      return BREAK;
    },
  });
  return found;
}
