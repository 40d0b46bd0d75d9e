import {
  type CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  DescribeResourceServerCommand,
  DescribeUserPoolClientCommand,
  ResourceNotFoundException,
  UpdateResourceServerCommand,
  UpdateUserPoolClientCommand,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';

interface AppClient {
  readonly cognito: CognitoIdentityProviderClient;
  readonly UserPoolId: string;
  readonly ClientId: string;
}

/** Lets an app client ask for these scopes; those that belong to a resource server are made. */
export async function allowScopes(
  client: AppClient,
  scopes: readonly string[],
): Promise<UserPoolClientType> {
  const { cognito, UserPoolId, ClientId } = client;
  const place = { UserPoolId, ClientId };
  const { UserPoolClient = {} } = await cognito.send(new DescribeUserPoolClientCommand(place));
  const allowed = UserPoolClient.AllowedOAuthScopes ?? [];
  const missing = scopes.filter((scope) => !allowed.includes(scope));
  if (missing.length === 0) return UserPoolClient;
  for (const scope of missing.filter((name) => name.includes('/'))) await addScope(client, scope);
  // What an update leaves out goes back to its default.
  const {
    ClientSecret: _kept,
    CreationDate: _then,
    LastModifiedDate: _last,
    ...settings
  } = UserPoolClient;
  await cognito.send(
    new UpdateUserPoolClientCommand({
      ...settings,
      ...place,
      AllowedOAuthScopes: [...allowed, ...missing],
    }),
  );
  return UserPoolClient;
}

async function addScope({ cognito, UserPoolId }: AppClient, scope: string): Promise<void> {
  const at = scope.lastIndexOf('/');
  const server = { UserPoolId, Identifier: scope.slice(0, at) };
  const named = (ScopeName: string) => ({ ScopeName, ScopeDescription: ScopeName });
  const known = await cognito
    .send(new DescribeResourceServerCommand(server))
    .catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
  const Scopes = [...(known?.ResourceServer?.Scopes ?? []), named(scope.slice(at + 1))];
  const settings = { ...server, Name: server.Identifier, Scopes };
  if (known === undefined) await cognito.send(new CreateResourceServerCommand(settings));
  else await cognito.send(new UpdateResourceServerCommand(settings));
}
