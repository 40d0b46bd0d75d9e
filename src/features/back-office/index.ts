import type { Feature } from '../../request/feature.js';
import { BackOfficeResolver } from './back-office.resolver.js';
import { BulkResolver } from './bulk.resolver.js';
import { Command } from './command.entity.js';
import { GroupsResolver } from './groups.resolver.js';
import { backOfficeJobs } from './jobs.js';

export { UnknownUserError } from './back-office.errors.js';
export { RowsAlongside } from './back-office.payloads.js';
export type { CommandRequest } from './command-intent.js';
export { commandsOf } from './commands.js';
export { deletionPreview } from './deletion-preview.js';
export { inviteRequest } from './invite-request.js';
export { ownDeletion } from './own-deletion.js';
export type { Asking } from './requests.js';
export { userRequests } from './user-requests.js';

export const backOffice: Feature = {
  resolvers: [BackOfficeResolver, BulkResolver, GroupsResolver],
  entities: [Command],
  jobs: backOfficeJobs,
};
