import type { Platform } from '@mikro-orm/core';

/** Has a platform read times in half of the time: its own way makes six objects for each, which adds up in lists. */
export function readTimesQuickly(platform: Platform): void {
  const parse = platform.parseDate.bind(platform);
  platform.parseDate = (value) => {
    const time = typeof value === 'string' ? timeOf(value) : undefined;
    return time === undefined ? parse(value) : new Date(time);
  };
}

const [DASH, SPACE, ZERO] = [45, 32, 48];
/** Where the fraction of a second begins, if there is one. */
const FRACTION = '2026-11-27 19:04:48.'.length;
const UTC = '+00';

/**
 * Milliseconds since the epoch of a time as PostgreSQL writes it in UTC, such as `2026-11-27 19:04:48.123456+00`;
 * undefined for what is written in any other way.
 */
function timeOf(text: string): number | undefined {
  const isPlain =
    text.charCodeAt(4) === DASH && text.charCodeAt(10) === SPACE && text.endsWith(UTC);
  const year = isPlain ? number(text, 0, 4) : 0;
  // `Date.UTC` takes the first hundred for those of the 20th century.
  if (year < 100) return undefined;
  return Date.UTC(
    year,
    number(text, 5, 7) - 1,
    number(text, 8, 10),
    number(text, 11, 13),
    number(text, 14, 16),
    number(text, 17, 19),
    milliseconds(text),
  );
}

/** PostgreSQL leaves zeros at the end out. */
function milliseconds(text: string): number {
  const digits = Math.min(3, text.length - UTC.length - FRACTION);
  return digits > 0 ? number(text, FRACTION, FRACTION + digits) * 10 ** (3 - digits) : 0;
}

function number(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + text.charCodeAt(at) - ZERO;
  return value;
}
