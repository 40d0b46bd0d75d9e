import { assertValidSchema, type GraphQLSchema } from 'graphql';
import { type BuildSchemaOptions, buildSchemaSync, getMetadataStorage } from 'type-graphql';
import { applyRules, denyByDefault, type RulesByCoordinate } from './authorization/apply-rules.js';
import { faultsOfPublic } from './authorization/check-public.js';
import { faultsOfRules } from './authorization/check-rules.js';
import { completeDecorations } from './authorization/decorations.js';
import { describeRules } from './authorization/describe.js';
import { withDirectives } from './authorization/directives.js';
import { UnresolvableRulesError } from './authorization/faults.js';
import { guardResolvers } from './authorization/guard.js';
import type { Explain } from './authorization/refusal.js';
import { boundYears } from './bounded-years.js';
import { describeCosts } from './limits/index.js';

export interface SchemaOptions
  extends Pick<BuildSchemaOptions, 'resolvers' | 'orphanedTypes' | 'pubSub'> {
  /** Rules known only with the configuration, by schema coordinate. */
  readonly rules?: RulesByCoordinate;
  /** Who may be told which rule refused them; nobody by default. */
  readonly explain?: Explain;
}

/**
 * The schema of the resolvers with every rule resolved, described, and enforced during execution;
 * `authorizationHooks` enforce those that are settled before.
 *
 * @throws UnresolvableRulesError listing every rule that cannot be resolved.
 */
export function buildSchema({
  rules = {},
  explain = () => false,
  ...options
}: SchemaOptions): GraphQLSchema {
  readPropertiesAsTheyAre();
  boundYears();
  // It is checked below, once its rules are known.
  const schema = withDirectives(buildSchemaSync({ ...options, validate: false, skipCheck: true }));
  sortParametersOnce();
  const misplaced = [
    ...completeDecorations(schema, options.resolvers),
    ...applyRules(schema, rules),
  ];
  denyByDefault(schema);
  const faults = [...misplaced, ...faultsOfRules(schema), ...faultsOfPublic(schema)];
  if (faults.length > 0) throw new UnresolvableRulesError(faults);
  describeCosts(schema);
  describeRules(schema);
  guardResolvers(schema, explain);
  assertValidSchema(schema);
  return schema;
}

/** TypeGraphQL would give each a resolver, which looks for middlewares; without one, compiled queries read the property. */
function readPropertiesAsTheyAre(): void {
  const { fields, middlewares, resolverMiddlewares } = getMetadataStorage();
  for (const field of fields) {
    const { target, name, schemaName } = field;
    const hasMiddleware =
      middlewares.some((one) => one.target === target && one.fieldName === name) ||
      resolverMiddlewares.some((one) => one.target === target);
    field.simple ??= schemaName === name && !hasMiddleware;
  }
}

/** TypeGraphQL would sort the parameters of a method at each of its calls, which takes as long as the rest of the call. */
function sortParametersOnce(): void {
  const { queries, mutations, subscriptions, fieldResolvers } = getMetadataStorage();
  for (const { params = [] } of [...queries, ...mutations, ...subscriptions, ...fieldResolvers]) {
    params.sort((one, other) => one.index - other.index);
    Object.defineProperty(params, 'sort', { value: () => params });
  }
}
