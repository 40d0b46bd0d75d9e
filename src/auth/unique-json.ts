const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * Like JSON.parse, yet refuses an object that has a key twice, at any depth: parsers differ in which
 * of the two they take (RFC 8259, section 4), so what was checked need not be what is used.
 * @throws SyntaxError
 */
export function parseUniqueJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // JSON.parse keeps one of equal keys.
  if (countColons(text) !== countKeys(value)) throw new SyntaxError('An object has a key twice.');
  return value;
}

/** Outside strings, where a valid text has one for each key. */
function countColons(text: string): number {
  let colons = 0;
  let from = 0;
  while (from < text.length) {
    const opening = text.indexOf('"', from);
    const end = opening < 0 ? text.length : opening;
    for (let index = from; index < end; index++) if (text.charCodeAt(index) === COLON) colons++;
    from = opening < 0 ? end : afterString(text, opening);
  }
  return colons;
}

function afterString(text: string, opening: number): number {
  let closing = text.indexOf('"', opening + 1);
  while (isEscaped(text, closing)) closing = text.indexOf('"', closing + 1);
  return closing + 1;
}

/** Behind an odd number of backslashes. */
function isEscaped(text: string, place: number): boolean {
  let before = place;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (place - before) % 2 === 1;
}

/** A loop rather than a recursion, so that deep nesting cannot exhaust the stack. */
function countKeys(root: unknown): number {
  const values = [root];
  let keys = 0;
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    const children: unknown[] = Object.values(value);
    if (!Array.isArray(value)) keys += children.length;
    for (const child of children) values.push(child);
  }
  return keys;
}
