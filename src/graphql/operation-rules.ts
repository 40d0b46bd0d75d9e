import type { ValidationRule } from 'graphql';
import type { Limits } from '../config.js';
import { aliasLimit, depthLimit, rootFieldLimit } from './limits/index.js';
import { operationTypeRule } from './operation-type-rule.js';

/** What an operation has to keep to besides the rules of GraphQL. */
export function operationRules({ depth, aliases, rootFields }: Limits): ValidationRule[] {
  return [operationTypeRule, depthLimit(depth), aliasLimit(aliases), rootFieldLimit(rootFields)];
}
