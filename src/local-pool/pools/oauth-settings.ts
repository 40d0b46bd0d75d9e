import { z } from 'zod';
import { CognitoError, invalidParameter } from '../errors.js';

const redirectUri = z.string().min(1).max(1024);

/** What a client may do at the sign-in page and the token endpoint ("App client settings" in the developer guide). */
export const oauthSettings = z.object({
  AllowedOAuthFlowsUserPoolClient: z.boolean().default(false),
  AllowedOAuthFlows: z.array(z.enum(['code', 'implicit', 'client_credentials'])).default([]),
  AllowedOAuthScopes: z.array(z.string().min(1).max(256)).max(50).default([]),
  CallbackURLs: z.array(redirectUri).max(100).default([]),
  LogoutURLs: z.array(redirectUri).max(100).default([]),
  DefaultRedirectURI: redirectUri.optional(),
  SupportedIdentityProviders: z.array(z.literal('COGNITO')).default([]),
});
type OAuthSettings = z.infer<typeof oauthSettings>;

/** The scopes that every pool knows. */
export const STANDARD_SCOPES = [
  'openid',
  'email',
  'phone',
  'profile',
  'aws.cognito.signin.user.admin',
] as const;

interface Circumstances {
  readonly isConfidential: boolean;
  /** `<identifier>/<scope>` of the pool's resource servers. */
  readonly customScopes: readonly string[];
}

/**
 * @throws CognitoError InvalidOAuthFlowException, ScopeDoesNotExistException, InvalidParameterException
 */
export function checkOAuth(settings: OAuthSettings, circumstances: Circumstances): void {
  const { AllowedOAuthFlows: flows, AllowedOAuthScopes: scopes, CallbackURLs } = settings;
  if (flows.includes('client_credentials') && !circumstances.isConfidential)
    throw invalidFlow(
      'client_credentials flow can not be selected if client does not have a client secret.',
    );
  if (flows.includes('client_credentials') && flows.length > 1)
    throw invalidFlow(
      'client_credentials flow can not be selected along with code flow or implicit flow.',
    );
  const known = [...STANDARD_SCOPES, ...circumstances.customScopes];
  const unknown = scopes.filter((scope) => !known.includes(scope));
  if (unknown.length > 0)
    throw new CognitoError(
      'ScopeDoesNotExistException',
      `Invalid scope requested: ${unknown.join(', ')}`,
    );
  if (flows.some((flow) => flow !== 'client_credentials') && CallbackURLs.length === 0)
    throw invalidParameter('CallbackURLs are required for the code and implicit flows.');
  for (const uri of [...CallbackURLs, ...settings.LogoutURLs]) checkRedirectUri(uri);
  const { DefaultRedirectURI: fallback } = settings;
  if (fallback !== undefined && !CallbackURLs.includes(fallback))
    throw invalidParameter('DefaultRedirectURI must be in the CallbackURLs list.');
}

/** Absolute, without a fragment, https but on this machine; or of a scheme of an app's own. */
function checkRedirectUri(uri: string): void {
  const url = URL.parse(uri);
  if (url === null || uri.includes('#')) throw invalidParameter(`${uri} is not a redirect URI.`);
  if (url.protocol === 'http:' && !LOOPBACK.includes(url.hostname))
    throw invalidParameter(`${uri} cannot use the HTTP protocol.`);
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const invalidFlow = (message: string) => new CognitoError('InvalidOAuthFlowException', message);
