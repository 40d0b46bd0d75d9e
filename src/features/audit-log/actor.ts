import { shortenedAddress } from '../../directory/index.js';
import { UnauthenticatedError } from '../../errors.js';
import type { Context } from '../../request/context.js';
import { AuditActorKind } from './audit-event.entity.js';

/** Who acts, as the trail keeps it. */
export interface Actor {
  readonly kind: AuditActorKind;
  /** Of a person. */
  readonly userId: string | null;
  readonly clientId: string | null;
  readonly requestId: string | null;
  /** Where from, such as 192.0.2.0/24; never the whole address. */
  readonly network: string | null;
  /** Of an operator: the name of the account on that machine. */
  readonly operator: string | null;
}

/** The server itself, which does what somebody told it to do later. */
export const SERVER_ACTOR: Actor = {
  kind: AuditActorKind.SERVER,
  userId: null,
  clientId: null,
  requestId: null,
  network: null,
  operator: null,
};

/** What a request tells of who acts. */
export type Asked = Pick<Context, 'viewer' | 'requestId' | 'origin'>;

/** @throws UnauthenticatedError for an anonymous viewer, who leaves no trail */
export function actorOf({ viewer, requestId, origin }: Asked): Actor {
  if (viewer.kind === 'anonymous') throw new UnauthenticatedError('Sign in to do this.');
  const { clientId } = viewer.token;
  const network = shortenedAddress(origin.ip) ?? null;
  const common = { clientId, requestId, network, operator: null };
  if (viewer.kind === 'client') return { ...common, kind: AuditActorKind.CLIENT, userId: null };
  return { ...common, kind: AuditActorKind.PERSON, userId: viewer.userId };
}

/** @param name of the account at the command line */
export function operatorOf(name: string): Actor {
  return { ...SERVER_ACTOR, kind: AuditActorKind.OPERATOR, operator: name };
}
