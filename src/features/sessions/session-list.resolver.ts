import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Authorized, OnDenied } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import { Session, User } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { addWarning } from '../../request/warnings.js';
import { ViewerType } from '../users/index.js';
import { sessionsLoader } from './session-loader.js';

const LISTED = 'the 50 last seen, the newest first';

@Resolver(() => ViewerType)
export class ViewerSessionsResolver {
  @FieldResolver(() => [Session], {
    nullable: true,
    description: `The viewer's sign-ins, ended ones too, ${LISTED}; null for a machine client.`,
  })
  async sessions(@Ctx() context: Context): Promise<readonly Session[] | null> {
    const { viewer } = context;
    if (viewer.kind !== 'person') return null;
    if (viewer.token.originJti === undefined) {
      addWarning(context, {
        code: 'SESSION_UNKNOWN',
        message:
          'This sign-in is not among the sessions and cannot be ended by itself: token revocation is switched off for its app client.',
      });
    }
    return sessionsLoader(context).load(viewer.userId);
  }
}

@Resolver(() => User)
export class UserSessionsResolver {
  @Authorized({ roles: [...STAFF], owner: true, onDenied: OnDenied.NULL })
  @FieldResolver(() => [Session], {
    nullable: true,
    description: `The user's sign-ins, ended ones too, ${LISTED}.`,
  })
  sessions(@Root() { id }: User, @Ctx() context: Context): Promise<readonly Session[]> {
    return sessionsLoader(context).load(id);
  }
}

@Resolver(() => Session)
export class CurrentSessionResolver {
  @FieldResolver(() => Boolean, { description: 'Whether this request is of it.' })
  current(@Root() { poolId, originJti }: Session, @Ctx() { viewer }: Context): boolean {
    if (viewer.kind !== 'person') return false;
    return viewer.token.poolId === poolId && viewer.token.originJti === originJti;
  }
}
