import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundedText, storableText } from '../../src/directory/plain-text.js';
import { folded, keyOf, NAME_ATTRIBUTES, searchTextsOf } from '../../src/directory/search-text.js';

const texts = fc.string({ unit: 'binary', maxLength: 400 });

describe('a text that is searched', () => {
  test.each([
    ['case', 'JOSÉ', 'jose'],
    ['diacritics, composed or not', 'Jose\u0301 Núñez', 'jose nunez'],
    [
      'letters with a stroke and ligatures',
      'Łukasz Sørensen, Straße, ﬁne',
      'lukasz sorensen, strasse, fine',
    ],
    ['the Turkish dotted and dotless i', 'İstanbul Işık', 'istanbul isik'],
    ['the Greek final sigma', 'ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['full-width letters', 'Ｆｕｌｌ', 'full'],
    ['white space of all kinds', '  a\t\n\u00a0 b\u3000', 'a b'],
    ['controls and formats', 'a\u0000b\u200bc\u202ed', 'abcd'],
    ['nothing of other scripts', '王小明 किरण', '王小明 किरण'],
    ['marks alone', '\u0301\u0302\u0303\u0304', ''],
  ])('folds %s', (_what, value, expected) => {
    expect(folded(value)).toBe(expected);
  });

  test('is folded once: folding it again changes nothing, and nothing that cannot be stored is left', () => {
    fc.assert(
      fc.property(texts, (value) => {
        for (const made of [folded(value), keyOf(value)]) {
          expect(made.isWellFormed()).toBe(true);
          expect(made).not.toMatch(/\p{Cc}/u);
          expect([...made].length).toBeLessThanOrEqual(256);
          expect(made).toBe(made.trim());
        }
        expect(folded(folded(value))).toBe(folded(value));
        expect(keyOf(keyOf(value))).toBe(keyOf(value));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is the same in either case', () => {
    fc.assert(
      fc.property(texts, (value) => {
        expect(folded(value.toUpperCase().toLowerCase())).toBe(folded(value));
      }),
    );
  });
});

test('a key keeps diacritics, since they make another address', () => {
  expect(keyOf(' JOSÉ@Example.COM ')).toBe('josé@example.com');
});

test('names have a line each, whatever is in them', () => {
  fc.assert(
    fc.property(texts, texts, (name, nickname) => {
      const { names } = searchTextsOf({ name, nickname }, 'user');
      const lines = names.split('\n');
      expect(lines).toHaveLength(NAME_ATTRIBUTES.length);
      expect(lines[0]).toBe(folded(name));
      expect(lines[3]).toBe(folded(nickname));
    }),
  );
});

test('what is shown is bounded and has no controls; what is stored is whole', () => {
  const hostile = `\u0000\u202e${'x'.repeat(3_000)}\ud800`;
  expect(boundedText(hostile)).toBe('x'.repeat(2_048));
  expect(boundedText('\u0000')).toBeNull();
  expect(storableText(hostile)).toBe(`\u202e${'x'.repeat(3_000)}\ufffd`);
});
