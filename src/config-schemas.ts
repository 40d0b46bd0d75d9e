import { z } from 'zod';
import { Role } from './auth/role.js';

// What texts of the environment may be; the messages complete the sentence "VARIABLE ...".

export const text = z.string();
export const words = text.transform((list) =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);

export function wholeNumber(least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return text
    .regex(/^\d{1,9}$/, rule)
    .transform(Number)
    .refine((value) => value >= least && value <= most, rule);
}

export const oneOf = <const Value extends string>(...values: readonly Value[]) =>
  text.transform((value, context) => {
    const found = values.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `must be one of ${values.join(', ')}` });
    return z.NEVER;
  });

export const url = (...protocols: readonly string[]) =>
  text.refine(
    (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
    `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  );

/** 0 to 1. */
export const share = text
  .regex(/^(?:0|1|0?\.\d{1,9}|1\.0+)$/, 'must be a number from 0 to 1')
  .transform(Number);

/** OpenTelemetry, "Specifying headers via environment variables": values are percent-encoded. */
export const keyValuePairs = words.transform((list, context) => {
  const pairs = list.map((pair) => /^([^=\s]+)=(.+)$/.exec(pair)?.slice(1) ?? []);
  try {
    if (pairs.every(({ length }) => length === 2))
      return Object.fromEntries(
        pairs.map(([key = '', value = '']) => [key, decodeURIComponent(value)]),
      );
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
  }
  context.addIssue({ code: 'custom', message: 'must read key=value,key=value' });
  return z.NEVER;
});

/** Sentry, "DSN explainer": scheme, public key, host, project. */
export const sentryDsn = text.refine(
  (value) =>
    /^https?:$/.test(protocolOf(value)) &&
    /^\w+$/.test(new URL(value).username) &&
    /\/\d+$/.test(value),
  'must read https://<key>@<host>/<project>',
);

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : '';
}

export const origins = words.refine(
  (list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
  'must list origins: scheme, host and port, no path',
);

/** Standard Webhooks, "Signature scheme": 24 to 64 random bytes. */
const [LEAST_SECRET, MOST_SECRET] = [24, 64];

/** The bytes of a symmetric secret of the Standard Webhooks specification. */
export const webhookSecret = text
  .regex(
    /^whsec_[A-Za-z0-9+/]+={0,2}$/,
    'must be whsec_ and then base64: echo whsec_$(openssl rand -base64 32)',
  )
  .transform((value) => Buffer.from(value.slice('whsec_'.length), 'base64'))
  .refine(
    ({ length }) => length >= LEAST_SECRET && length <= MOST_SECRET,
    `must be of ${LEAST_SECRET} to ${MOST_SECRET} bytes`,
  );

/** Cognito: "UserPoolId" of the API reference, `[\w-]+_[0-9a-zA-Z]+`. */
const POOL_ID = /^[a-z]{2}(?:-[a-z]+)+-\d_[0-9A-Za-z]+$/;
const CLIENT_ID = /^[\w+]+$/;
export const poolId = text.regex(POOL_ID, 'must be a user pool id');
export const clientIds = words.refine(
  (list) => list.length > 0 && list.every((id) => CLIENT_ID.test(id)),
  'must list app client ids',
);

export const pools = text.transform((value, context) => {
  const parsed = value
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [id = '', clients = ''] = entry.split('=', 2);
      const clientList = clientIds.safeParse(clients);
      return POOL_ID.test(id) && clientList.success
        ? { id, clientIds: clientList.data }
        : undefined;
    });
  const valid = parsed.filter((pool) => pool !== undefined);
  if (valid.length === 0 || valid.length < parsed.length) {
    context.addIssue({ code: 'custom', message: 'must read pool=client,client;pool=client' });
    return z.NEVER;
  }
  if (new Set(valid.map(({ id }) => id)).size < valid.length) {
    context.addIssue({ code: 'custom', message: 'names a pool twice' });
    return z.NEVER;
  }
  return valid;
});

export const rolePairs = words.transform((list, context) =>
  list.map((pair) => {
    const colon = pair.indexOf(':');
    const role = Object.values(Role).find((candidate) => candidate === pair.slice(0, colon));
    const name = pair.slice(colon + 1).trim();
    if (role === undefined || name === '') {
      context.addIssue({
        code: 'custom',
        message: `must list ROLE:name pairs with a role of ${Object.values(Role).join(', ')}`,
      });
      return z.NEVER;
    }
    return { role, name };
  }),
);

export const roles = words.transform((list, context) =>
  list.map((name) => {
    const found = Object.values(Role).find((role) => role === name);
    if (found !== undefined) return found;
    context.addIssue({
      code: 'custom',
      message: `must list roles: ${Object.values(Role).join(', ')}`,
    });
    return z.NEVER;
  }),
);

/** The OpenID Connect claims that `Profile` has, see OpenID Connect Core 1.0, section 5.1. */
export const PROFILE_ATTRIBUTES = [
  'name',
  'given_name',
  'family_name',
  'nickname',
  'preferred_username',
  'picture',
  'locale',
  'zoneinfo',
  'website',
] as const;
export type ProfileAttribute = (typeof PROFILE_ATTRIBUTES)[number];

export const profileAttributes = words.transform((list, context) =>
  list.map((name) => {
    const found = PROFILE_ATTRIBUTES.find((attribute) => attribute === name);
    if (found !== undefined) return found;
    context.addIssue({
      code: 'custom',
      message: `must list profile attributes: ${PROFILE_ATTRIBUTES.join(', ')}`,
    });
    return z.NEVER;
  }),
);
