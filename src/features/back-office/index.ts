import type { Feature } from '../../request/feature.js';
import { BackOfficeResolver } from './back-office.resolver.js';
import { BulkResolver } from './bulk.resolver.js';
import { Command } from './command.entity.js';
import { GroupsResolver } from './groups.resolver.js';
import { backOfficeJobs } from './jobs.js';

export { askingOf, run, userAfter } from './asking.js';
export { UnknownUserError } from './back-office.errors.js';
export { SignOutUserInput } from './back-office.inputs.js';
export { RowsAlongside, SignOutUserPayload } from './back-office.payloads.js';
export { itemKey } from './bulk-key.js';
export type { CommandRequest } from './command-intent.js';
export { commandsOf } from './commands.js';
export { deletionPreview } from './deletion-preview.js';
export type { GivenAttribute } from './given-attributes.js';
export { Group } from './group.js';
export { groupRequests } from './group-requests.js';
export { inviteRequest } from './invite-request.js';
export { leftAloneBy } from './left-alone.js';
export { ownDeletion } from './own-deletion.js';
export { type Asking, commonOf, poolIdOf } from './requests.js';
export { signOutRequests } from './sign-out-requests.js';
export { userRequests } from './user-requests.js';

export const backOffice: Feature = {
  resolvers: [BackOfficeResolver, BulkResolver, GroupsResolver],
  entities: [Command],
  jobs: backOfficeJobs,
};
