import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseUniqueJson } from '../../src/auth/unique-json.js';

/** A key in one of the many ways JSON can spell it. */
function spelled(key: string, escaped: readonly boolean[]): string {
  const units = key.split('').map((unit, index) => {
    const plain = JSON.stringify(unit).slice(1, -1);
    if (escaped[index % escaped.length] !== true) return plain;
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${units.join('')}"`;
}

describe('parseUniqueJson', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom(0, 1, 4), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), undefined, indent);
        expect(parseUniqueJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (!valid) expect(() => parseUniqueJson(text)).toThrow(SyntaxError);
      }),
    );
  });

  test('refuses a key that comes twice, however spelled, whatever surrounds it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.boolean(), { minLength: 1 }),
        fc.array(fc.boolean(), { minLength: 1 }),
        fc.json(),
        fc.json(),
        fc.array(fc.constantFrom('array', 'object'), { maxLength: 5 }),
        (key, first, second, value, other, nesting) => {
          const twice = `{${spelled(key, first)}:${value} , ${spelled(key, second)} : ${other}}`;
          const text = nesting.reduce(
            (inner, kind) => (kind === 'array' ? `[0,${inner}]` : `{"a:":":","b":${inner}}`),
            twice,
          );
          expect(() => parseUniqueJson(text)).toThrow('twice');
        },
      ),
    );
  });

  test.each([
    ['side by side', '{"sub":"a","sub":"b"}'],
    ['escaped', '{"\\u0073ub":"a","sub":"b"}'],
    ['both escaped', '{"\\u0073ub":"a","s\\u0075b":"b"}'],
    ['with the same value', '{"sub":"a","sub":"a"}'],
    ['with a solidus escaped', '{"a\\/b":1,"a/b":2}'],
    ['nested in an object', '{"a":{"b":1,"b":2}}'],
    ['nested in an array', '{"a":[{"b":1,"b":2}]}'],
    ['when it is __proto__', '{"__proto__":1,"__proto__":2}'],
    ['when it is empty', '{"":1,"":2}'],
    ['when it looks like an index', '{"1":1,"1":2}'],
    ['three times', '{"a":1,"a":2,"a":3}'],
  ])('refuses a key twice %s', (_case, text) => {
    expect(() => parseUniqueJson(text)).toThrow(SyntaxError);
  });

  test.each([
    ['colons and quotes in texts', '{"a:\\"b":"c:\\"","d":"\\\\"}'],
    ['the same key at two levels', '{"a":{"a":{"a":1}}}'],
    ['the same key in two objects', '[{"a":1},{"a":2}]'],
    ['__proto__ once', '{"__proto__":{"a":1}}'],
  ])('reads %s', (_case, text) => {
    expect(parseUniqueJson(text)).toEqual(JSON.parse(text));
  });

  test('bears 8 KiB of brackets', () => {
    const text = `${'['.repeat(4000)}${']'.repeat(4000)}`;
    expect(Array.isArray(parseUniqueJson(text))).toBe(true);
  });
});
