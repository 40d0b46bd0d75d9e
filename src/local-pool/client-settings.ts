import { z } from 'zod';
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

/** What an app client is created with ("CreateUserPoolClient" of the API reference). It has no secret. */
export const clientSettings = tokenLifetimes
  .extend({
    ClientName: z.string().min(1).max(128),
    GenerateSecret: z.literal(false).default(false),
    ExplicitAuthFlows: z.array(z.enum([...LEGACY_FLOWS, ...ALLOWED_FLOWS])).optional(),
    PreventUserExistenceErrors: z.enum(['LEGACY', 'ENABLED']).default('LEGACY'),
    EnableTokenRevocation: z.boolean().default(true),
  })
  .refine(({ ExplicitAuthFlows = [] }) => new Set(ExplicitAuthFlows.map(isLegacy)).size < 2, {
    message: 'ExplicitAuthFlows of both styles, with and without ALLOW_, cannot be combined.',
  })
  .refine(lifetimesAreInRange, { message: 'Invalid range for token validity.' })
  .transform(({ GenerateSecret: _none, ...settings }) => settings);
export type ClientSettings = z.infer<typeof clientSettings>;

/** A flow of InitiateAuth. */
export type AuthFlow = 'USER_PASSWORD_AUTH' | 'REFRESH_TOKEN_AUTH';

/**
 * Whether a client allows a flow, by either style of naming it. Without any it allows all but a password that
 * is sent; the older style never forbids refreshing.
 */
export function allowsFlow({ ExplicitAuthFlows }: ClientSettings, flow: AuthFlow): boolean {
  if (ExplicitAuthFlows === undefined) return flow !== 'USER_PASSWORD_AUTH';
  if (ExplicitAuthFlows.includes(`ALLOW_${flow}`)) return true;
  return flow === 'REFRESH_TOKEN_AUTH'
    ? ExplicitAuthFlows.some(isLegacy)
    : ExplicitAuthFlows.includes(flow);
}

function isLegacy(flow: string): boolean {
  return !flow.startsWith('ALLOW_');
}
