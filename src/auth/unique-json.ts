const STRING = /"(?:[^"\\]|\\.)*"/g;

/**
 * Like JSON.parse, yet refuses an object that has a key twice, at any depth: parsers differ in which
 * of the two they take (RFC 8259, section 4), so what was checked need not be what is used.
 * @throws SyntaxError
 */
export function parseUniqueJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // Outside strings a valid text has one colon for each key; JSON.parse keeps one of equal keys.
  const keysWritten = text.replaceAll(STRING, '').split(':').length - 1;
  if (keysWritten !== countKeys(value)) throw new SyntaxError('An object has a key twice.');
  return value;
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
