import type { AccessToken } from './access-token.js';
import type { Role } from './role.js';
import { type RoleRules, rolesOf } from './role-rules.js';

/** The groups of an account as they were last read from its pool. */
export interface KnownGroups {
  /** Null while they were never read. */
  readonly groups: readonly string[] | null;
  /** Milliseconds since the epoch. */
  readonly groupsReadAt: number | null;
}

export interface Entitlements {
  readonly roles: ReadonlySet<Role>;
  /** Whether a new token would have a role that this one lacks. */
  readonly tokenStale: boolean;
  /** Whether the token and the known groups differ in a way that a look at the pool would settle. */
  readonly isOpen: boolean;
  /** Whether that look could give back a role that the token claims. */
  readonly isWithheld: boolean;
}

/** Milliseconds by which the clocks of the pool and of this server may differ. */
const SKEW = 30_000;

/**
 * What a person may do by the groups of their token that the mirror confirms. A group that the mirror lacks
 * counts while the token is younger than the mirror's groups; one that the token lacks never counts.
 */
export function entitlementsOf(
  token: AccessToken,
  { groups, groupsReadAt }: KnownGroups,
  rules: RoleRules,
): Entitlements {
  const claimed = rolesOf(token, rules);
  if (groups === null || groupsReadAt === null) {
    const isOpen = token.groups.some((group) => grantsRole(group, token, rules));
    return { roles: claimed, tokenStale: false, isOpen, isWithheld: false };
  }
  const known = new Set(groups);
  const isYounger = token.issuedAt * 1000 >= groupsReadAt;
  const confirmed = token.groups.filter((group) => isYounger || known.has(group));
  const roles = rolesOf({ ...token, groups: confirmed }, rules);
  const fromMirror = rolesOf({ ...token, groups }, rules);
  const gains = [...fromMirror].some((role) => !claimed.has(role));
  const differs = gains || [...claimed].some((role) => !fromMirror.has(role));
  // In whole seconds and by two clocks, what came first shows only from this distance.
  const isOpen = differs && groupsReadAt <= (token.issuedAt + 1) * 1000 + SKEW;
  const isWithheld = isOpen && [...claimed].some((role) => !roles.has(role));
  return { roles, tokenStale: gains && !isYounger, isOpen, isWithheld };
}

function grantsRole(group: string, { poolId }: AccessToken, { groups }: RoleRules): boolean {
  return groups.some(
    (rule) => rule.group === group && (rule.poolId === undefined || rule.poolId === poolId),
  );
}
