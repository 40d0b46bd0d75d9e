import { presentedToken } from '../../auth/presented-token.js';
import { type PersonViewer, personOf } from '../../auth/viewer.js';
import {
  ownUser,
  poolInTime,
  refreshAccountJob,
  refreshOwnAccount,
  type User,
} from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { addWarning } from '../../request/warnings.js';
import {
  type CodeDelivery,
  OwnAttributesError,
  PoolUnavailableError,
  PoolUserNotFoundError,
} from '../../user-pool/index.js';
import { UncertainChangeError } from './my-profile.errors.js';
import type { UpdateMyProfileInput } from './my-profile.inputs.js';
import { refusalOf } from './pool-refusal.js';
import { attributesOf, givenInputs } from './profile-change.js';

export interface ProfileUpdate {
  readonly user: User;
  /** Codes that the pool sent: these addresses await their verification. */
  readonly pendingVerifications: readonly CodeDelivery[];
}

/**
 * Writes what viewers say of themselves to their pool, with their own token, and then to the mirror. The same
 * change twice ends in the same state.
 * @throws ProfileInputError before the pool is asked; the errors of `refusalOf` for what it refuses
 * @throws UncertainChangeError where the pool did not answer
 */
export async function updateProfile(
  context: Context,
  input: UpdateMyProfileInput,
): Promise<ProfileUpdate> {
  const attributes = attributesOf(input);
  const viewer = personOf(context.viewer);
  try {
    const pendingVerifications = await poolInTime(write(context, viewer, attributes));
    return { user: await readBack(context), pendingVerifications };
  } catch (error) {
    if (error instanceof PoolUnavailableError) {
      await readLater(context);
      throw new UncertainChangeError(error);
    }
    // Reading it finds that, and forgets the account.
    if (error instanceof PoolUserNotFoundError) await refreshOwnAccount(context);
    if (!(error instanceof OwnAttributesError)) throw error;
    // The pool keeps what it could not send a code for.
    if (error.fault === 'delivery') await readLater(context);
    throw refusalOf(error, givenInputs(input));
  }
}

function write(
  { app }: Context,
  viewer: PersonViewer,
  attributes: Readonly<Record<string, string>>,
): Promise<readonly CodeDelivery[]> {
  const pool = app.userPools.get(viewer.token.poolId);
  if (pool === undefined)
    throw new Error('A token of a pool that is not configured was taken for good.');
  return pool.writeOwn(presentedToken(viewer), attributes);
}

/** The pool has taken the change: from here on nothing may look as if it had not. */
async function readBack(context: Context): Promise<User> {
  try {
    return await refreshOwnAccount(context);
  } catch (error) {
    if (!(error instanceof PoolUnavailableError)) throw error;
    context.app.log.warn({ err: error }, 'an account could not be read after it was changed');
    addWarning(context, {
      code: 'PROFILE_NOT_READ',
      message:
        'The user pool has taken the change, but could not be read after it: what is shown may be from before.',
    });
    await readLater(context);
    return ownUser(context);
  }
}

async function readLater({ app, viewer }: Context): Promise<void> {
  const { poolId, subject } = personOf(viewer).token;
  await app.jobs.add([refreshAccountJob({ poolId, subject })]);
}
