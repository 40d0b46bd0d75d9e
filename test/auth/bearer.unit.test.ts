import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bearerToken } from '../../src/auth/bearer.js';

const withHeader = (value: string) => ({
  rawHeaders: ['Host', 'localhost', 'Authorization', value],
});

describe('bearerToken', () => {
  test('gives nothing without an Authorization header', () => {
    expect(bearerToken({ rawHeaders: ['Host', 'localhost', 'X-Authorization', 'Bearer a'] })).toBe(
      undefined,
    );
  });

  test('does not take a value for a name', () => {
    expect(bearerToken({ rawHeaders: ['X-Name', 'authorization', 'Bearer a', 'b'] })).toBe(
      undefined,
    );
  });

  test.each([
    ['as it is usually written', 'Authorization', 'Bearer a.b.c', 'a.b.c'],
    ['with the header name in capitals', 'AUTHORIZATION', 'Bearer a.b.c', 'a.b.c'],
    ['with the scheme in small letters', 'authorization', 'bearer a.b.c', 'a.b.c'],
    ['with the scheme in capitals', 'authorization', 'BEARER a.b.c', 'a.b.c'],
    ['after several spaces', 'authorization', 'Bearer   a.b.c', 'a.b.c'],
    ['of every character of b64token', 'authorization', 'Bearer aZ09-._~+/==', 'aZ09-._~+/=='],
  ])('reads a token %s', (_case, name, value, token) => {
    expect(bearerToken({ rawHeaders: [name, value] })).toBe(token);
  });

  test.each([
    ['nothing', ''],
    ['the scheme alone', 'Bearer'],
    ['the scheme and a space', 'Bearer '],
    ['no scheme', 'a.b.c'],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['a scheme that begins alike', 'BearerToken a.b.c'],
    ['a tab for the space', 'Bearer\ta.b.c'],
    ['two tokens', 'Bearer a.b.c d.e.f'],
    ['a list', 'Bearer a.b.c, Bearer d.e.f'],
    ['a space behind', 'Bearer a.b.c '],
    ['a line feed', 'Bearer a.b.c\n'],
    ['quotes', 'Bearer "a.b.c"'],
    ['padding in front', 'Bearer =a.b.c'],
    ['padding in the middle', 'Bearer a=.b.c'],
    ['padding alone', 'Bearer =='],
    ['a parameter', 'Bearer token=abc'],
    ['NUL', 'Bearer a.b\0.c'],
    ['a letter outside ASCII', 'Bearer a.b.\u00e9'],
    ['a Kelvin sign, which is k without case', 'Bearer a.b.\u212a'],
    ['more than 8 KiB', `Bearer ${'a'.repeat(8186)}`],
  ])('refuses %s', (_case, value) => {
    expect(() => bearerToken(withHeader(value))).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED', reason: 'malformed' }),
    );
  });

  test('reads a header of exactly 8 KiB', () => {
    expect(bearerToken(withHeader(`Bearer ${'a'.repeat(8185)}`))).toHaveLength(8185);
  });

  test.each([
    ['alike', ['Authorization', 'Bearer a', 'Authorization', 'Bearer a']],
    ['in different case', ['Authorization', 'Bearer a', 'authorization', 'Bearer b']],
    ['of which one is empty', ['Authorization', '', 'Authorization', 'Bearer a']],
  ])('refuses two headers, %s', (_case, rawHeaders) => {
    expect(() => bearerToken({ rawHeaders })).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED', reason: 'malformed' }),
    );
  });

  test('gives a token of the grammar back or refuses, whatever it is sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = () => bearerToken(withHeader(`Bearer ${text}`));
        if (/^ *[A-Za-z0-9\-._~+/]+=*$/.test(text) && !text.endsWith('\n')) {
          expect(read()).toBe(text.trimStart());
        } else {
          expect(read).toThrow('malformed');
        }
      }),
    );
  });
});
