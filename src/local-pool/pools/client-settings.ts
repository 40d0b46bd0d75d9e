import { z } from 'zod';
import { oauthSettings } from './oauth-settings.js';
import { lifetimesAreInRange, tokenLifetimes } from './token-lifetime.js';

const LEGACY_FLOWS = ['ADMIN_NO_SRP_AUTH', 'CUSTOM_AUTH_FLOW_ONLY', 'USER_PASSWORD_AUTH'] as const;
const ALLOWED_FLOWS = [
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_AUTH',
] as const;

const attributeNames = z.array(z.string().min(1).max(2048));

/** What a client is created and updated with, but for its secret ("CreateUserPoolClient" of the API reference). */
const settings = tokenLifetimes.extend(oauthSettings.shape).extend({
  ClientName: z.string().min(1).max(128),
  ExplicitAuthFlows: z.array(z.enum([...LEGACY_FLOWS, ...ALLOWED_FLOWS])).optional(),
  PreventUserExistenceErrors: z.enum(['LEGACY', 'ENABLED']).default('LEGACY'),
  EnableTokenRevocation: z.boolean().default(true),
  AuthSessionValidity: z.int().min(3).max(15).default(3),
  ReadAttributes: attributeNames.optional(),
  WriteAttributes: attributeNames.optional(),
  RefreshTokenRotation: z
    .object({
      Feature: z.enum(['ENABLED', 'DISABLED']),
      RetryGracePeriodSeconds: z.int().min(0).max(60).default(0),
    })
    .optional(),
});

export interface ClientSettings extends z.infer<typeof settings> {
  /** Of a confidential client. */
  readonly ClientSecret?: string;
}

type Rules = Pick<
  ClientSettings,
  'ExplicitAuthFlows' | 'RefreshTokenRotation' | keyof z.infer<typeof tokenLifetimes>
>;

/** What the API refuses of settings that are each of the right form. */
function refuseCombinations(given: Rules, { addIssue }: z.core.$RefinementCtx): void {
  const refuse = (message: string) => addIssue({ code: 'custom', message });
  const { ExplicitAuthFlows: flows = [] } = given;
  if (new Set(flows.map(isLegacy)).size > 1)
    refuse('ExplicitAuthFlows of both styles, with and without ALLOW_, cannot be combined.');
  if (!lifetimesAreInRange(given)) refuse('Invalid range for token validity.');
  if (rotates(given) && flows.includes('ALLOW_REFRESH_TOKEN_AUTH'))
    refuse('ALLOW_REFRESH_TOKEN_AUTH cannot be combined with refresh token rotation.');
}

export const newClient = settings
  .extend({ GenerateSecret: z.boolean().default(false) })
  .superRefine(refuseCombinations);
export const changedClient = settings.partial({ ClientName: true }).superRefine(refuseCombinations);

/** A flow of InitiateAuth and AdminInitiateAuth. */
export type AuthFlow =
  | 'USER_PASSWORD_AUTH'
  | 'ADMIN_USER_PASSWORD_AUTH'
  | 'USER_SRP_AUTH'
  | 'USER_AUTH'
  | 'REFRESH_TOKEN_AUTH';

type Flows = Pick<ClientSettings, 'ExplicitAuthFlows'>;

const BY_DEFAULT: readonly AuthFlow[] = ['USER_SRP_AUTH', 'REFRESH_TOKEN_AUTH'];
/** What the older style calls it; what it never forbids is not there. */
const LEGACY_NAMES: Readonly<Partial<Record<AuthFlow, (typeof LEGACY_FLOWS)[number]>>> = {
  USER_PASSWORD_AUTH: 'USER_PASSWORD_AUTH',
  ADMIN_USER_PASSWORD_AUTH: 'ADMIN_NO_SRP_AUTH',
};

/**
 * Whether a client allows a flow, by either style of naming it. Without any it allows SRP and refreshing; the
 * older style never forbids these.
 */
export function allowsFlow({ ExplicitAuthFlows }: Flows, flow: AuthFlow): boolean {
  if (ExplicitAuthFlows === undefined) return BY_DEFAULT.includes(flow);
  if (ExplicitAuthFlows.includes(`ALLOW_${flow}`)) return true;
  const legacy = LEGACY_NAMES[flow];
  if (legacy !== undefined) return ExplicitAuthFlows.includes(legacy);
  return ExplicitAuthFlows.some(isLegacy) && BY_DEFAULT.includes(flow);
}

/** Whether a refresh token is good once only, but for its grace period. */
export function rotates({ RefreshTokenRotation }: Pick<ClientSettings, 'RefreshTokenRotation'>) {
  return RefreshTokenRotation?.Feature === 'ENABLED';
}

function isLegacy(flow: string): boolean {
  return !flow.startsWith('ALLOW_');
}
