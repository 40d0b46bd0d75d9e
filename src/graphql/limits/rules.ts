import type { ValidationRule } from 'graphql';
import { operationLimit } from './operation-limit.js';
import { sum } from './selection-fold.js';

/** Levels of fields, the leaves included; of introspection graphql-js has a limit of its own. */
export function depthLimit(allowed: number): ValidationRule {
  return operationLimit({
    reason: 'depth',
    what: 'levels of fields',
    allowed,
    hint: 'Ask for the deeper levels in an operation of their own.',
    fold: {
      field: ({ name }, below) => (name.value.startsWith('__') ? 0 : 1 + below()),
      join: Math.max,
    },
  });
}

/** Aliases, those of a fragment as often as it is spread. */
export function aliasLimit(allowed: number): ValidationRule {
  return operationLimit({
    reason: 'aliases',
    what: 'aliases',
    allowed,
    hint: 'Ask for a list instead of one thing many times, or split the operation.',
    fold: {
      field: ({ alias }, below) => (alias === undefined ? 0 : 1) + below(),
      join: sum,
    },
  });
}

/** Fields of the operation itself, those of its fragments included. */
export function rootFieldLimit(allowed: number): ValidationRule {
  return operationLimit({
    reason: 'root_fields',
    what: 'root fields',
    allowed,
    hint: 'Split the operation.',
    fold: { field: () => 1, join: sum },
  });
}
