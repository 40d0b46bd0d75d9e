import type { AccessToken } from './access-token.js';
import type { Role } from './role.js';

export interface RoleRules {
  /** Without a pool: the group of that name in any pool; `*`: every signed-in person. */
  readonly groups: readonly {
    readonly role: Role;
    readonly poolId: string | undefined;
    readonly group: string;
  }[];
  readonly scopes: readonly { readonly role: Role; readonly scope: string }[];
}

/** Roles of people follow from groups alone, those of machine clients from scopes alone. */
export function rolesOf(token: AccessToken, rules: RoleRules): ReadonlySet<Role> {
  if (token.kind === 'client') {
    return new Set(
      rules.scopes.filter(({ scope }) => token.scopes.includes(scope)).map(({ role }) => role),
    );
  }
  return new Set(
    rules.groups
      .filter(
        ({ poolId, group }) =>
          (poolId === undefined || poolId === token.poolId) &&
          (group === '*' || token.groups.includes(group)),
      )
      .map(({ role }) => role),
  );
}
