import type { AccessToken } from '../../../src/auth/access-token.js';
import type { Role } from '../../../src/auth/role.js';
import type { ClientViewer, PersonViewer } from '../../../src/auth/viewer.js';

interface Granted {
  readonly roles?: readonly Role[];
  readonly scopes?: readonly string[];
}

/** A signed-in person whose user id is `id` and whose subject is `<id>-subject`. */
export function person(id: string, { roles = [], scopes = [] }: Granted = {}): PersonViewer {
  return {
    kind: 'person',
    token: { ...token, kind: 'person', subject: `${id}-subject`, scopes },
    userId: id,
    roles: new Set(roles),
    scopes: new Set(scopes),
    tokenStale: false,
  };
}

export function client({ roles = [], scopes = [] }: Granted = {}): ClientViewer {
  return {
    kind: 'client',
    token: { ...token, scopes },
    roles: new Set(roles),
    scopes: new Set(scopes),
  };
}

const token: AccessToken = {
  kind: 'client',
  poolId: 'eu-west-1_Ab12Cd34E',
  subject: 'machine',
  clientId: 'machine',
  username: undefined,
  groups: [],
  scopes: [],
  originJti: undefined,
  issuedAt: 0,
  authTime: 0,
  expiresAt: 0,
};
