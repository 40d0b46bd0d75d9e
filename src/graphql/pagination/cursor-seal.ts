import { createHmac, timingSafeEqual } from 'node:crypto';
import { BadUserInputError } from '../../errors.js';

const MAC_BYTES = 16;

/**
 * Seals a position of a list, so that clients can neither read meaning into it nor make one up: HMAC-SHA256
 * (RFC 2104) over the position and what it belongs to (the list, its order and its filter).
 */
export class CursorSeal {
  readonly #key: Buffer;

  /** @param key 32 bytes, shared by all servers of one database. */
  constructor(key: Buffer) {
    this.#key = key;
  }

  seal(position: string, belongsTo: string): string {
    const text = Buffer.from(position, 'utf8');
    return Buffer.concat([this.#mac(text, belongsTo), text]).toString('base64url');
  }

  /** @throws BadUserInputError for a cursor that was made up, altered, or is of another list, order or filter. */
  open(cursor: string, belongsTo: string): string {
    const bytes = Buffer.from(cursor, 'base64url');
    const text = bytes.subarray(MAC_BYTES);
    const genuine =
      bytes.length > MAC_BYTES &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(bytes.subarray(0, MAC_BYTES), this.#mac(text, belongsTo));
    if (genuine) return text.toString('utf8');
    throw new BadUserInputError('The cursor is not one of this list.', {
      reason: 'cursor',
      hint: 'Use `startCursor` or `endCursor` of a page of the same list, with the same order and filter.',
    });
  }

  #mac(text: Buffer, belongsTo: string): Buffer {
    const mac = createHmac('sha256', this.#key);
    return mac.update(belongsTo).update('\0').update(text).digest().subarray(0, MAC_BYTES);
  }
}
