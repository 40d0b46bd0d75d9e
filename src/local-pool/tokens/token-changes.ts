import {
  eventAttributes,
  type Metadata,
  type TokenChanges,
  type TokenSource,
  type Triggers,
} from '../triggers.js';
import type { Person } from './person-claims.js';

interface Occasion {
  readonly source: TokenSource;
  readonly clientMetadata: Metadata | undefined;
}

/** What the PreTokenGeneration trigger wants otherwise; null where there is none. @throws CognitoError */
export async function tokenChanges(
  { account, client, scopes, groups }: Person,
  { source, clientMetadata }: Occasion,
  triggers: Triggers,
): Promise<TokenChanges | null> {
  const { claimsAndScopeOverrideDetails } = await triggers.call('PreTokenGeneration', {
    source,
    poolId: account.poolId,
    clientId: client.id,
    username: account.username,
    request: {
      userAttributes: eventAttributes(account),
      scopes,
      groupConfiguration: { groupsToOverride: groups, iamRolesToOverride: [], preferredRole: null },
      ...(clientMetadata && { clientMetadata }),
    },
    response: { claimsAndScopeOverrideDetails: null },
  });
  return claimsAndScopeOverrideDetails;
}
