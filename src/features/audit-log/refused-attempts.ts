import { type GraphQLError, Kind, OperationTypeNode } from 'graphql';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { validate } from 'uuid';
import { z } from 'zod';
import { ForbiddenError } from '../../errors.js';
import type { OperationHooks } from '../../graphql/operation-hooks.js';
import type { Context } from '../../request/context.js';
import { perApp } from '../../request/per-app.js';
import { type AuditedAction, AuditTrail } from './audit-trail.js';

/** Refused attempts of one viewer that are kept, in so many seconds, by each server; more tell nothing new. */
const KEPT = { points: 10, duration: 60 };

const boundOf = perApp(() => new RateLimiterMemory(KEPT));

const targeted = z.object({ input: z.object({ id: z.string().refine(validate) }) });

/** Keeps in the trail which mutations a rule of the schema refused to whom; strangers leave no trace. */
export const refusedAttempts: OperationHooks<Context> = {
  async didEncounterErrors({ operation, errors, contextValue, request }) {
    if (operation?.operation !== OperationTypeNode.MUTATION) return;
    const [refused] = errors.filter(isRefusal);
    if (refused === undefined) return;
    const target = targeted.safeParse(request.variables).data?.input.id ?? null;
    await note(contextValue, refused, target).catch((err: unknown) =>
      contextValue.app.log.error({ err }, 'a refused attempt could not be kept'),
    );
  },
};

/** Before anything is executed: what a command's own rules refuse it keeps itself. */
function isRefusal(error: GraphQLError): boolean {
  return error.path === undefined && error.originalError instanceof ForbiddenError;
}

async function note(
  context: Context,
  { nodes, originalError }: GraphQLError,
  targetId: string | null,
): Promise<void> {
  const field = nodes?.find((node) => node.kind === Kind.FIELD);
  if (field?.kind !== Kind.FIELD) return;
  const code = originalError instanceof ForbiddenError ? originalError.reason : undefined;
  await noteRefusedAttempt(context, { action: field.name.value, targetId }, code ?? 'FORBIDDEN');
}

/**
 * Keeps an attempt in the trail, ten a minute of each viewer; strangers leave none.
 * @param code the code or, where it says more, the reason of the refusal
 */
export async function noteRefusedAttempt(
  context: Context,
  attempt: Omit<AuditedAction, 'reason'>,
  code: string,
): Promise<void> {
  const { viewer, app } = context;
  if (viewer.kind === 'anonymous') return;
  if (!(await hasRoom(app, viewer.kind === 'person' ? viewer.userId : viewer.token.clientId)))
    return;
  await app.orm.em
    .fork()
    .transactional(async (em) =>
      new AuditTrail(context, { ...attempt, reason: '' }).refused(em, code),
    );
}

/** Whether another refused attempt of a viewer, by the id of the user or client, is kept. */
export async function hasRoom(app: Context['app'], viewer: string): Promise<boolean> {
  return boundOf(app)
    .consume(viewer)
    .then(
      () => true,
      () => false,
    );
}
