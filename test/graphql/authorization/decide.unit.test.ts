import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OnDenied } from '../../../src/auth/authorized.js';
import { Role } from '../../../src/auth/role.js';
import { ANONYMOUS, type Viewer } from '../../../src/auth/viewer.js';
import { lackOf } from '../../../src/graphql/authorization/decide.js';
import type { Rule } from '../../../src/graphql/authorization/rule.js';
import { client, person } from './viewers.js';

const plain: Rule = {
  roles: [],
  scopes: [],
  owner: false,
  self: undefined,
  clients: false,
  onDenied: OnDenied.ERROR,
};
const { ADMIN, SUPPORT } = Role;

describe('a rule lets pass', () => {
  test.each<[string, Partial<Rule>, Viewer, boolean]>([
    ['any person, where it says nothing', {}, person('uma'), false],
    [
      'a person with one of its roles',
      { roles: [ADMIN, SUPPORT] },
      person('s', { roles: [SUPPORT] }),
      false,
    ],
    ['an owner without a role', { roles: [ADMIN], owner: true }, person('uma'), true],
    ['whom self names', { self: 'id' }, person('uma'), true],
    [
      'a person with one whole set of scopes',
      { scopes: [['a', 'b'], ['c']] },
      person('uma', { scopes: ['c'] }),
      false,
    ],
    [
      'a client with one whole set of scopes',
      { roles: [ADMIN], scopes: [['a', 'b']] },
      client({ scopes: ['a', 'b'] }),
      false,
    ],
    ['a client with a role', { roles: [ADMIN] }, client({ roles: [ADMIN] }), false],
    ['any client, where it says clients', { roles: [ADMIN], clients: true }, client(), false],
  ])('%s', (_who, rule, viewer, owns) => {
    expect(lackOf({ ...plain, ...rule }, viewer, () => owns)).toBeUndefined();
  });
});

describe('a rule refuses', () => {
  test.each<[string, Partial<Rule>, Viewer, boolean, string]>([
    ['an anonymous viewer, whatever it says', { clients: true }, ANONYMOUS, true, 'anonymous'],
    ['a client, where it says nothing', {}, client(), false, 'person'],
    ['a client as an owner', { owner: true }, client(), true, 'person'],
    [
      'a client with half a set of scopes',
      { scopes: [['a', 'b']] },
      client({ scopes: ['a'] }),
      false,
      'scope',
    ],
    ['a client without its role', { roles: [ADMIN] }, client({ roles: [SUPPORT] }), false, 'role'],
    [
      'a person without its role',
      { roles: [ADMIN] },
      person('s', { roles: [SUPPORT] }),
      true,
      'role',
    ],
    ['a person who owns something else', { owner: true }, person('uma'), false, 'owner'],
    [
      'an admin whose token lacks the scope',
      { roles: [ADMIN], scopes: [['a']] },
      person('a', { roles: [ADMIN] }),
      true,
      'scope',
    ],
    [
      'a person with the scope and without the role',
      { roles: [ADMIN], scopes: [['a']] },
      person('a', { scopes: ['a'] }),
      false,
      'role',
    ],
  ])('%s', (_who, rule, viewer, owns, lack) => {
    expect(lackOf({ ...plain, ...rule }, viewer, () => owns)).toBe(lack);
  });
});

/** The rule as design and documentation put it, in so many words. */
function mayPass(rule: Rule, viewer: Viewer, owns: boolean): boolean {
  if (viewer.kind === 'anonymous') return false;
  const someRole = rule.roles.filter((role) => viewer.roles.has(role)).length > 0;
  const someScopes =
    rule.scopes.filter((set) => set.every((one) => viewer.scopes.has(one))).length > 0;
  if (viewer.kind === 'client') return rule.clients || someRole || someScopes;
  const asksWho = rule.roles.length > 0 || rule.owner || rule.self !== undefined;
  const isOwner = (rule.owner || rule.self !== undefined) && owns;
  return (!asksWho || someRole || isOwner) && (rule.scopes.length === 0 || someScopes);
}

const roles = fc.subarray(Object.values(Role));
const scopes = fc.subarray(['a', 'b', 'c']);
const rules: fc.Arbitrary<Rule> = fc.record({
  roles,
  scopes: fc.array(fc.subarray(['a', 'b', 'c'], { minLength: 1 }), { maxLength: 3 }),
  owner: fc.boolean(),
  self: fc.option(fc.constant('id'), { nil: undefined }),
  clients: fc.boolean(),
  onDenied: fc.constantFrom(OnDenied.ERROR, OnDenied.NULL),
});
const viewers: fc.Arbitrary<Viewer> = fc.oneof(
  fc.constant(ANONYMOUS),
  fc.record({ roles, scopes }).map((granted) => person('uma', granted)),
  fc.record({ roles, scopes }).map(client),
);

test('any rule decides on any viewer as its statement in words does, also when asked again', () => {
  fc.assert(
    fc.property(rules, viewers, fc.boolean(), (rule, viewer, owns) => {
      const expected = mayPass(rule, viewer, owns);
      for (const _time of [1, 2]) {
        expect(lackOf(rule, viewer, () => owns) === undefined).toBe(expected);
      }
    }),
    { numRuns: 2000 },
  );
});
