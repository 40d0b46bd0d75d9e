import type { Topic } from '../check.js';
import { adminUsers } from './admin-users.js';
import { attributes } from './attributes.js';
import { choice } from './choice.js';
import { clients } from './clients.js';
import { forgottenPassword } from './forgotten-password.js';
import { groups } from './groups.js';
import { listUsers } from './list-users.js';
import { newPassword } from './new-password.js';
import { passwordSignIn } from './password-sign-in.js';
import { pools } from './pools.js';
import { protocol } from './protocol.js';
import { refreshing } from './refresh.js';
import { selfService } from './self-service.js';
import { signOut } from './sign-out.js';
import { signUps } from './sign-up.js';
import { srp } from './srp.js';
import { tokens } from './tokens.js';

/** Every check by its topic. */
export const topics: readonly Topic[] = [
  protocol,
  pools,
  clients,
  signUps,
  passwordSignIn,
  srp,
  choice,
  newPassword,
  tokens,
  refreshing,
  signOut,
  selfService,
  forgottenPassword,
  adminUsers,
  attributes,
  groups,
  listUsers,
];
