import { raw } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { Role } from '../../auth/role.js';
import { type PersonViewer, personOf, type Viewer } from '../../auth/viewer.js';
import { withoutRowRules } from '../../database/row-view.js';
import { Session } from '../../directory/index.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { Context } from '../../request/context.js';
import { noteRefusedAttempt } from '../audit-log/index.js';
import { askingOf, run, signOutRequests } from '../back-office/index.js';
import { UnknownSessionError, UnnamedSignInError } from './sessions.errors.js';
import type { EndSessionInput } from './sessions.inputs.js';

/**
 * Ends the sign-in that the viewer's token is of. The pool is not asked: to revoke a refresh token takes the token,
 * which the server never sees. What is refreshed by it is refused here all the same.
 * @throws UnnamedSignInError
 */
export async function signOut(context: Context): Promise<Session> {
  const { poolId, subject, originJti, clientId } = personOf(context.viewer).token;
  if (originJti === undefined) throw new UnnamedSignInError();
  // Not noted yet, maybe: that comes behind the answers.
  await withoutRowRules(context.app.orm.em, "it is the sign-in of the viewer's own token").execute(
    `insert into session (id, created_at, updated_at, user_id, identity_id, pool_id, origin_jti, client_id,
                          first_seen_at, last_seen_at, ended_at)
     select ?, now(), now(), user_id, id, pool_id, ?, ?, now(), now(), now()
     from identity where pool_id = ? and subject = ?
     on conflict (pool_id, origin_jti) do update
       set ended_at = coalesce(session.ended_at, now()), updated_at = now()`,
    [v7(), originJti, clientId, poolId, subject],
  );
  return context.em.findOneOrFail(
    Session,
    { poolId, originJti },
    { refresh: true, connectionType: 'write' },
  );
}

/** What came of it; `actionId` names it in the audit log, where somebody else's was ended. */
export interface EndedSession {
  readonly session: Session;
  readonly actionId: string | null;
}

/**
 * Ends a session: the viewer's own, or for an ADMIN anybody's, of which the audit log tells.
 * @throws UnknownSessionError also for what the viewer may not end, ReasonError
 */
export async function endSession(context: Context, input: EndSessionInput): Promise<EndedSession> {
  const { viewer, em } = context;
  // Also one that the viewer cannot see: the trail tells who tried to end it.
  const found = await withoutRowRules(em, 'it is looked at whose it is').findOne(Session, {
    id: uuidOf('input.id', input.id),
  });
  if (found === null) throw new UnknownSessionError();
  if (isOwn(found, viewer)) {
    const endedAt = raw('coalesce(ended_at, now())');
    await em.fork().nativeUpdate(Session, { id: found.id }, { endedAt });
    return { session: await sessionAfter(context, found), actionId: null };
  }
  if (viewer.kind === 'anonymous' || !viewer.roles.has(Role.ADMIN)) {
    await noteRefusedAttempt(context, { action: 'endSession', targetId: found.user.id }, 'role');
    throw new UnknownSessionError();
  }
  const given = { ...input, reason: input.reason ?? '' };
  const { id } = await run(context, signOutRequests.endSession(askingOf(context), found, given));
  return { session: await sessionAfter(context, found), actionId: id };
}

function isOwn(session: Session, viewer: Viewer): viewer is PersonViewer {
  return viewer.kind === 'person' && viewer.userId === session.user.id;
}

function sessionAfter({ em }: Context, { id }: Session): Promise<Session> {
  return em.findOneOrFail(Session, { id }, { refresh: true, connectionType: 'write' });
}
