import {
  type GraphQLField,
  type GraphQLNamedType,
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

type Field = GraphQLField<unknown, unknown>;

/**
 * What a field costs with all below it: 1, or what its `complexity` says, and the cost below it as
 * often as its list is long. A `complexity` function answers for the whole.
 */
export function fieldCost(args: ComplexityEstimatorArgs): number {
  const declared: unknown = args.field.extensions.complexity;
  if (typeof declared === 'function') return Number(declared(args));
  return ownCost(args.field) + sizeOf(args) * args.childComplexity;
}

/** `fieldCost` in words, for the documentation. */
export function describeCost(field: Field, type: GraphQLNamedType): string {
  if (typeof field.extensions.complexity === 'function') return 'Cost: by its arguments.';
  const own = `Cost: ${ownCost(field)}`;
  if (!isCompositeType(getNamedType(field.type))) return `${own}.`;
  if (isPaged(field))
    return `${own} + the page's size (${DEFAULT_PAGE_SIZE} by default) × what is selected.`;
  const size = unpagedSize(field, type);
  return `${own} + ${size === 1 ? '' : `${size} × `}what is selected.`;
}

function ownCost(field: Field): number {
  const declared: unknown = field.extensions.complexity;
  return typeof declared === 'number' ? declared : 1;
}

function sizeOf({ field, type, args }: ComplexityEstimatorArgs): number {
  return isPaged(field) ? pageSizeOf(args) : unpagedSize(field, type);
}

/** `edges` and `nodes` were multiplied with their connection; introspection has a depth limit. */
function unpagedSize(field: Field, type: GraphQLNamedType): number {
  const isList =
    isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type));
  return !isList || isConnection(type) || type.name.startsWith('__') ? 1 : UNPAGED_SIZE;
}

function isPaged(field: Field): boolean {
  return field.args.some(({ name }) => name === 'first' || name === 'last');
}

/** At least 1: what is beside the entries, such as `totalCount`, has a cost of its own. */
function pageSizeOf({ first, last }: ComplexityEstimatorArgs['args']): number {
  const asked = [first, last].filter((size) => typeof size === 'number');
  return asked.length === 0 ? DEFAULT_PAGE_SIZE : Math.max(1, ...asked);
}

function isConnection(type: GraphQLNamedType): boolean {
  return isObjectType(type) && 'pageInfo' in type.getFields();
}
