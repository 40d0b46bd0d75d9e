import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { BadUserInputError } from '../../errors.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals a position of a list, so that clients can neither read it nor make one up: a position holds values,
 * such as an e-mail address, and cursors travel in logs and links. AES-256-GCM (NIST SP 800-38D), bound to
 * what the position belongs to: the list, its order and its filter. The nonce follows from the message
 * (as in RFC 8452), so that one position has one cursor and no two messages meet under one nonce.
 */
export class CursorSeal {
  readonly #key: Buffer;
  readonly #nonceKey: Buffer;

  /** @param key 32 bytes, shared by all servers of one database. */
  constructor(key: Buffer) {
    this.#key = derived(key, 'cursor encryption');
    this.#nonceKey = derived(key, 'cursor nonce');
  }

  seal(position: string, belongsTo: string): string {
    const nonce = createHmac('sha256', this.#nonceKey)
      .update(JSON.stringify([belongsTo, position]))
      .digest()
      .subarray(0, NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(belongsTo));
    const text = Buffer.concat([cipher.update(position, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
  }

  /** @throws BadUserInputError for a cursor that was made up, altered, or is of another list, order or filter. */
  open(cursor: string, belongsTo: string): string {
    const position = this.#opened(cursor, belongsTo);
    if (position !== undefined) return position;
    throw new BadUserInputError('The cursor is not one of this list.', {
      reason: 'cursor',
      hint: 'Use `startCursor` or `endCursor` of a page of the same list, with the same order and filter.',
    });
  }

  #opened(cursor: string, belongsTo: string): string | undefined {
    const bytes = Buffer.from(cursor, 'base64url');
    const textAt = NONCE_BYTES + TAG_BYTES;
    // Node reads past what is no base64url; one position has one cursor only.
    if (bytes.length <= textAt || bytes.toString('base64url') !== cursor) return undefined;
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(belongsTo))
      .setAuthTag(bytes.subarray(NONCE_BYTES, textAt));
    const text = decipher.update(bytes.subarray(textAt));
    try {
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      // Node says "unable to authenticate data" without a code: it is the only way in which this can fail.
      return undefined;
    }
  }
}

function derived(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
}
