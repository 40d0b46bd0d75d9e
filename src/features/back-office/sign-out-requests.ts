import type { Session } from '../../directory/index.js';
import type { CommandRequest } from './command-intent.js';
import { END_SESSION, SIGN_OUT_EVERYWHERE, SIGN_OUT_USER } from './commands/sign-out.js';
import { type Asking, commonOf, type Given, type GivenUser, targetOf } from './requests.js';

/** How sign-ins are ended by commands. */
export const signOutRequests = {
  async signOutUser(asking: Asking, given: GivenUser): Promise<CommandRequest> {
    const { targetId } = await targetOf(asking, given.id);
    return {
      ...commonOf(given),
      kind: SIGN_OUT_USER,
      actor: asking.actor,
      targetId,
      aspect: `sign-ins ${targetId}`,
      input: {},
    };
  },

  /** Nobody has to say why they sign out. */
  signOutEverywhere({ actor }: Asking, userId: string): CommandRequest {
    return {
      kind: SIGN_OUT_EVERYWHERE,
      actor,
      reason: '',
      targetId: userId,
      aspect: `sign-ins ${userId}`,
      input: {},
    };
  },

  endSession({ actor }: Asking, { id, user }: Session, given: Given): CommandRequest {
    return {
      ...commonOf(given),
      kind: END_SESSION,
      actor,
      targetId: user.id,
      aspect: `session ${id}`,
      input: { sessionId: id },
    };
  },
} as const;
