import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a sender shows, by the Standard Webhooks specification. */
export interface SignedMessage {
  /** Header `webhook-id`. */
  readonly id: string;
  /** Header `webhook-timestamp`, seconds since the epoch. */
  readonly timestamp: string;
  /** Header `webhook-signature`: one or several `v1,<base64>`, spaces between, while a secret is replaced. */
  readonly signatures: string;
  /** As it came, to the byte. */
  readonly body: Buffer;
}

/** Seconds by which a timestamp may differ from our clock, to either side. */
const TOLERANCE = 5 * 60;

/** Signatures that are looked at. */
const MOST_SIGNATURES = 8;

/**
 * Whether a holder of the secret signed the message lately (Standard Webhooks, "Verifying signatures"). Not by
 * the package `standardwebhooks`, which signs the body after decoding it as text, and with HMAC in JavaScript.
 * @param now milliseconds since the epoch
 */
export function isSigned(
  { id, timestamp, signatures, body }: SignedMessage,
  secret: Buffer,
  now: number,
): boolean {
  if (!/^[\x21-\x7e]{1,256}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE) return false;
  const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures
    .split(' ', MOST_SIGNATURES)
    .some((signature) => isEqual(signatureIn(signature), expected));
}

/** Empty for another version than `v1`. */
function signatureIn(signature: string): Buffer {
  const [version, base64 = ''] = signature.split(',', 2);
  return Buffer.from(version === 'v1' ? base64 : '', 'base64');
}

function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
