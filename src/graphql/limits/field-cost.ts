import {
  type GraphQLField,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql';
import type { ComplexityEstimatorArgs } from 'graphql-query-complexity';
import { DEFAULT_PAGE_SIZE } from '../pagination/page-args.js';

/** How many entries a list without paging is taken to have. */
const UNPAGED_SIZE = 5;

/**
 * What a field costs with all below it: 1, or what its `complexity` says, and the cost below it as
 * often as its list is long. A `complexity` function answers for the whole.
 */
export function fieldCost(args: ComplexityEstimatorArgs): number {
  const declared: unknown = args.field.extensions.complexity;
  if (typeof declared === 'function') return Number(declared(args));
  const own = typeof declared === 'number' ? declared : 1;
  return own + sizeOf(args) * args.childComplexity;
}

function sizeOf({ field, type, args }: ComplexityEstimatorArgs): number {
  if (isPaged(field)) return pageSizeOf(args);
  const isList =
    isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type));
  // `edges` and `nodes` were multiplied with their connection; introspection has a depth limit.
  if (!isList || isConnection(type) || type.name.startsWith('__')) return 1;
  return UNPAGED_SIZE;
}

function isPaged(field: GraphQLField<unknown, unknown>): boolean {
  return field.args.some(({ name }) => name === 'first' || name === 'last');
}

/** At least 1: what is beside the entries, such as `totalCount`, has a cost of its own. */
function pageSizeOf({ first, last }: ComplexityEstimatorArgs['args']): number {
  const asked = [first, last].filter((size) => typeof size === 'number');
  return asked.length === 0 ? DEFAULT_PAGE_SIZE : Math.max(1, ...asked);
}

function isConnection(type: ComplexityEstimatorArgs['type']): boolean {
  return isObjectType(type) && 'pageInfo' in type.getFields();
}
