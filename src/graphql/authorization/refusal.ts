import { GraphQLError } from 'graphql';
import type { Viewer } from '../../auth/viewer.js';
import { ForbiddenError, type LifeguardError, UnauthenticatedError } from '../../errors.js';
import type { Lack } from './decide.js';
import { either, requirementOf, scopesOf } from './requirement.js';
import type { Rule } from './rule.js';

/** Whether a viewer may be told which rule refused them: in development everyone, else ADMIN. */
export type Explain = (viewer: Viewer) => boolean;

/** A rule and the place in the schema that it guards. */
export interface Guard {
  /** A schema coordinate, such as `User.account`. */
  readonly coordinate: string;
  readonly rule: Rule;
}

const HINTS: Record<Exclude<Lack, 'scope'>, string> = {
  anonymous: 'Send an access token: `Authorization: Bearer <token>`.',
  person: 'Sign in as a person; a machine client has no part in this.',
  role: 'Ask for a role that allows it; the description in the schema names them.',
  owner: 'Only the person it belongs to may.',
};

/** A client is told the scope that it has to ask for, as by RFC 6750, section 3.1. */
function hintOf({ rule }: Guard, lack: Lack): string {
  return lack === 'scope' ? `Ask for a token with the scope ${scopesOf(rule)}.` : HINTS[lack];
}

const nested = new WeakSet<Error>();

/** The refusal of an operation before it executes. */
export function refusal(
  guard: Guard,
  viewer: Viewer,
  lack: Lack,
  explain: Explain,
): LifeguardError & { readonly extensions: Readonly<Record<string, unknown>> } {
  const details = { reason: lack, hint: hintOf(guard, lack) };
  const error =
    viewer.kind === 'anonymous'
      ? new UnauthenticatedError('Sign in to do this.', details)
      : new ForbiddenError('You are not allowed to do this.', details);
  const explanation = explain(viewer) ? { explain: explanationOf(guard, viewer, lack) } : {};
  // `GraphQLError` takes over what its original error has as `extensions`.
  return Object.assign(error, { extensions: { code: error.code, ...details, ...explanation } });
}

/** The refusal of a field while the operation executes: a field error that sets no HTTP status. */
export function nestedRefusal(...refused: Parameters<typeof refusal>): LifeguardError {
  const error = refusal(...refused);
  nested.add(error);
  return error;
}

/** Whether the error is a refusal from within execution, which never sets an HTTP status. */
export function isNestedRefusal(error: GraphQLError): boolean {
  let cause: Error | undefined = error;
  while (cause instanceof GraphQLError) cause = cause.originalError;
  return cause !== undefined && nested.has(cause);
}

function explanationOf({ coordinate, rule }: Guard, viewer: Viewer, lack: Lack) {
  return {
    at: coordinate,
    rule: requirementOf(rule),
    has: {
      kind: viewer.kind,
      roles: viewer.kind === 'anonymous' ? [] : [...viewer.roles],
      scopes: viewer.kind === 'anonymous' ? [] : [...viewer.scopes],
    },
    missing: missingFrom(rule, lack),
  };
}

function missingFrom(rule: Rule, lack: Lack): string {
  switch (lack) {
    case 'anonymous':
      return 'an access token';
    case 'person':
      return 'a signed-in person';
    case 'role':
      return rule.owner || rule.self !== undefined
        ? `the role ${either(rule.roles)}, or being the owner`
        : `the role ${either(rule.roles)}`;
    case 'owner':
      return 'being the owner';
    case 'scope':
      return `the scope ${scopesOf(rule)}`;
  }
}
