import { type ConstDirectiveNode, valueFromASTUntyped } from 'graphql';
import { z } from 'zod';
import { OnDenied } from '../../auth/authorized.js';
import { Role } from '../../auth/role.js';

/** A rule as the schema's `@authorized` states it, with nothing left open. */
export interface Rule {
  /** Empty: the rule names none. */
  readonly roles: readonly Role[];
  /** An OR of ANDs; empty: the rule names none. */
  readonly scopes: readonly (readonly string[])[];
  readonly owner: boolean;
  readonly self: string | undefined;
  readonly clients: boolean;
  readonly onDenied: OnDenied;
}

const role = z.enum(Role, {
  error: ({ input }) =>
    `there is no role ${JSON.stringify(input)}; there are ${Object.values(Role).join(', ')}`,
});
const scope = z
  .string()
  .regex(/^\S+$/, 'a scope is one word without spaces; write two scopes as two strings');
const flag = z.boolean('write true or leave it out');

const ruleSchema = z.strictObject({
  roles: z
    .array(role)
    .min(1, 'an empty list lets nobody pass; name a role or leave it out')
    .default([]),
  scopes: z
    .array(
      z.array(scope).min(1, 'an empty set of scopes holds always; name a scope or drop the set'),
    )
    .min(1, 'an empty list lets nobody pass; name a set of scopes or leave it out')
    .default([]),
  owner: flag.default(false),
  self: z.string().min(1, 'name an argument').optional(),
  clients: flag.default(false),
  onDenied: z.enum(OnDenied, 'write ERROR or NULL').default(OnDenied.ERROR),
});
const reasonSchema = z.strictObject({
  reason: z.string().trim().min(1, 'say why everyone may see it'),
});

/** What is wrong with a directive's arguments; each completes the sentence "@authorized ...". */
export interface Unreadable {
  readonly problems: readonly string[];
}

/** Reads an `@authorized` of the schema. */
export function readRule(node: ConstDirectiveNode): Rule | Unreadable {
  const { success, data, error } = ruleSchema.safeParse(argumentsOf(node));
  return success ? { ...data, self: data.self } : unreadable(error);
}

/** Reads a `@public` of the schema. */
export function readReason(node: ConstDirectiveNode): string | Unreadable {
  const { success, data, error } = reasonSchema.safeParse(argumentsOf(node));
  return success ? data.reason : unreadable(error);
}

function argumentsOf(node: ConstDirectiveNode): unknown {
  return Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}

function unreadable({ issues }: z.ZodError): Unreadable {
  const problems = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path[0]?.toString()}: ${message}`,
  );
  return { problems: [...new Set(problems)] };
}
