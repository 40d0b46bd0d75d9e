import type { z } from 'zod';
import { type CognitoError, invalidParameter } from './errors.js';

type Issue = z.core.$ZodIssue;

/** The error for input of another shape, worded as the API words it; values are not repeated. */
export function constraintError(issues: readonly Issue[]): CognitoError {
  const own = issues.find(({ code }) => code === 'custom');
  if (own !== undefined) return invalidParameter(own.message);
  const faults = issues.map(
    (issue) => `Value at '${pathOf(issue)}' failed to satisfy constraint: ${constraintOf(issue)}`,
  );
  const errors = faults.length === 1 ? 'error' : 'errors';
  return invalidParameter(`${faults.length} validation ${errors} detected: ${faults.join('; ')}`);
}

function pathOf({ path }: Issue): string {
  return path
    .map((key) => (typeof key === 'string' ? memberName(key) : key))
    .map(String)
    .join('.');
}

/** Members begin with a small letter there; the keys of a map, such as `USERNAME`, stay as they are. */
function memberName(key: string): string {
  return /^[A-Z][A-Z_]/.test(key) ? key : key.slice(0, 1).toLowerCase() + key.slice(1);
}

function constraintOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'Member must not be null'
        : `Member must be of type ${issue.expected}`;
    case 'too_small':
      return `${measureOf(issue.origin)} greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return `${measureOf(issue.origin)} less than or equal to ${issue.maximum}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.map(String).join(', ')}]`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${issue.pattern ?? ''}`;
    default:
      return issue.message;
  }
}

function measureOf(origin: string): string {
  return origin === 'string' || origin === 'array'
    ? 'Member must have length'
    : 'Member must have value';
}
