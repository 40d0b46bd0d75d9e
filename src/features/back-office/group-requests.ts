import { CommandInputError, expectStorable, OwnAccountError } from './back-office.errors.js';
import type { CommandRequest } from './command-intent.js';
import { CREATE_GROUP, DELETE_GROUP, UPDATE_GROUP } from './commands/groups.js';
import { groupNameIn } from './group-name.js';
import {
  type Asking,
  commonOf,
  type Given,
  isOwnAdminGroup,
  poolIdOf,
  withAnAdmin,
} from './requests.js';

export interface GivenGroup extends Given {
  readonly name: string;
  readonly poolId?: string | null | undefined;
}

export interface GivenSettings extends GivenGroup {
  readonly description?: string | null | undefined;
  readonly precedence?: number | null | undefined;
}

const LONGEST_DESCRIPTION = 2048;

/** How each mutation on a group becomes a command. */
export const groupRequests = {
  createGroup(asking: Asking, given: GivenSettings): CommandRequest {
    return { ...onGroup(asking, given), kind: CREATE_GROUP };
  },

  updateGroup(asking: Asking, given: GivenSettings): CommandRequest {
    if (given.description == null && given.precedence == null)
      throw new CommandInputError('description', 'or `precedence` must be given');
    return { ...onGroup(asking, given), kind: UPDATE_GROUP };
  },

  deleteGroup(asking: Asking, given: GivenGroup): CommandRequest {
    const request = onGroup(asking, given);
    const { targetGroup } = request;
    const admin = withAnAdmin(asking, { group: targetGroup });
    return {
      ...request,
      ...admin,
      kind: DELETE_GROUP,
      check: async () => {
        if (isOwnAdminGroup(asking, targetGroup)) throw new OwnAccountError();
        await admin.check?.();
      },
    };
  },
} as const;

function onGroup(asking: Asking, given: GivenSettings) {
  const poolId = poolIdOf(asking, given.poolId);
  const name = groupNameIn('name', given.name);
  const { description, precedence } = given;
  if (description != null && description.length > LONGEST_DESCRIPTION)
    throw new CommandInputError(
      'description',
      `must have at most ${LONGEST_DESCRIPTION} characters`,
    );
  expectStorable('description', description);
  if (precedence != null && precedence < 0)
    throw new CommandInputError('precedence', 'must be 0 or more');
  const targetGroup = `${poolId}/${name}`;
  return {
    ...commonOf(given),
    actor: asking.actor,
    targetGroup,
    aspect: `group ${targetGroup}`,
    input: {
      poolId,
      name,
      ...(description != null && { description }),
      ...(precedence != null && { precedence }),
    },
    inputNames: ['name', 'description', 'precedence'],
  };
}
