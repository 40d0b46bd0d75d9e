import { forge, good } from '../../auth/hostile-fixture.js';

/** Headers as they are sent, for node:http leaves a repeated one alone only so. */
export type HeaderLines = readonly string[];

const bearer = `Authorization: Bearer ${good}`;
const basic = Buffer.from(`Bearer:${good}`).toString('base64');
const line = (value: string) => [`Authorization: ${value}`];

/** Ways to send what is a good token, none of them the one that counts (RFC 6750, section 2.1; RFC 9110, section 11.6.2). */
export const AUTHORIZATIONS: readonly [what: string, lines: HeaderLines][] = [
  ['the same header twice', [bearer, bearer]],
  ['a good token and a bad one', [bearer, 'Authorization: Bearer a.b.c']],
  ['a bad token and a good one', ['Authorization: Bearer a.b.c', bearer]],
  ['a header in capitals besides', [bearer, `AUTHORIZATION: Bearer ${good}`]],
  ['an empty header besides', [bearer, 'Authorization:']],
  ['an empty header', line('')],
  ['the scheme alone', line('Bearer')],
  ['the token alone', line(good)],
  ['the scheme Basic', line(`Basic ${basic}`)],
  ['the scheme Digest', line(`Digest ${good}`)],
  ['the scheme DPoP', line(`DPoP ${good}`)],
  ['the scheme Token', line(`Token ${good}`)],
  ['the scheme JWT', line(`JWT ${good}`)],
  ['a scheme that begins alike', line(`BearerToken ${good}`)],
  ['the scheme twice', line(`Bearer Bearer ${good}`)],
  ['a tab for the space', line(`Bearer\t${good}`)],
  ['no space', line(`Bearer${good}`)],
  ['a colon behind the scheme', line(`Bearer: ${good}`)],
  ['an equals sign behind the scheme', line(`Bearer=${good}`)],
  ['two tokens', line(`Bearer ${good} ${good}`)],
  ['a list', line(`Bearer ${good}, Bearer ${good}`)],
  ['two schemes', line(`Basic ${basic}, Bearer ${good}`)],
  ['quotes', line(`Bearer "${good}"`)],
  ['a parameter', line(`Bearer token="${good}"`)],
  ['a parameter behind', line(`Bearer ${good}; realm=x`)],
  ['a comment behind', line(`Bearer ${good} (mine)`)],
  ['percent signs', line(`Bearer%20${good}`)],
  ['a letter outside ASCII', line(`Bearer ${good}\u00e9`)],
  ['a space that does not break', line(`Bearer\u00a0${good}`)],
  ['more than 8 KiB', line(`Bearer ${forge.accessToken({ padding: 'x'.repeat(7000) })}`)],
];
