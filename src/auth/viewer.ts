import { ForbiddenError } from '../errors.js';
import type { AccessToken } from './access-token.js';
import type { Role } from './role.js';

/** Who is asking. A missing token makes an anonymous viewer; a token that fails makes no viewer at all. */
export type Viewer = AnonymousViewer | PersonViewer | ClientViewer;

export interface AnonymousViewer {
  readonly kind: 'anonymous';
}

export interface PersonViewer {
  readonly kind: 'person';
  readonly token: AccessToken;
  /** The id of the viewer's own `User`. */
  readonly userId: string;
  readonly roles: ReadonlySet<Role>;
  readonly scopes: ReadonlySet<string>;
  /** Whether a new token would give the viewer a role that this one does not. */
  readonly tokenStale: boolean;
}

export interface ClientViewer {
  readonly kind: 'client';
  readonly token: AccessToken;
  readonly roles: ReadonlySet<Role>;
  readonly scopes: ReadonlySet<string>;
}

export const ANONYMOUS: AnonymousViewer = { kind: 'anonymous' };

/** The viewer as a person. @throws ForbiddenError for anybody else, whom a rule should have refused. */
export function personOf(viewer: Viewer): PersonViewer {
  if (viewer.kind === 'person') return viewer;
  throw new ForbiddenError('Only a person may do this.', { reason: 'person' });
}
