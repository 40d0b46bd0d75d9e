import { z } from 'zod';

const unit = z.enum(['seconds', 'minutes', 'hours', 'days']);

/** A client's settings of how long its tokens live, with the API's defaults. */
export const tokenLifetimes = z.object({
  AccessTokenValidity: z.int().min(1).max(86_400).optional(),
  IdTokenValidity: z.int().min(1).max(86_400).optional(),
  RefreshTokenValidity: z.int().min(0).max(315_360_000).default(30),
  TokenValidityUnits: z
    .object({
      AccessToken: unit.default('hours'),
      IdToken: unit.default('hours'),
      RefreshToken: unit.default('days'),
    })
    .default({ AccessToken: 'hours', IdToken: 'hours', RefreshToken: 'days' }),
});
type TokenLifetimes = z.infer<typeof tokenLifetimes>;
type TokenKind = keyof TokenLifetimes['TokenValidityUnits'];

const UNIT_SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Seconds: an hour, 30 days for a refresh token, unless the settings say otherwise. */
export function lifetime(settings: TokenLifetimes, token: TokenKind): number {
  const value = settings[`${token}Validity`] || (token === 'RefreshToken' ? 30 : 1);
  return value * UNIT_SECONDS[settings.TokenValidityUnits[token]];
}

/** 5 minutes to 1 day; a refresh token 1 hour to 10 years ("CreateUserPoolClient" of the API reference). */
export function lifetimesAreInRange(settings: TokenLifetimes): boolean {
  const isWithin = (token: TokenKind, least: number, most: number) => {
    const seconds = lifetime(settings, token);
    return seconds >= least && seconds <= most;
  };
  return (
    isWithin('AccessToken', 300, 86_400) &&
    isWithin('IdToken', 300, 86_400) &&
    isWithin('RefreshToken', 3600, 315_360_000)
  );
}
