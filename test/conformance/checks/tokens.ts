import {
  AdminAddUserToGroupCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { absent, expectMembers, expectSame, expectShape } from '../difference.js';
import type { PoolUnderTest } from '../pool-under-test.js';
import { claimsOf, expectVerified, headerOf, issuerOf, keysOf } from '../token.js';

const TEXT = /.+/;

/** The claims of a new user's tokens. */
async function signedIn(pool: PoolUnderTest, attributes: Readonly<Record<string, string>> = {}) {
  const person = await pool.addUser(attributes);
  const tokens = await pool.signIn(person);
  return {
    person,
    tokens,
    access: claimsOf(tokens.AccessToken),
    id: claimsOf(tokens.IdToken),
  };
}

const lifetimeOf = (claims: Readonly<Record<string, unknown>>) =>
  Number(claims.exp) - Number(claims.iat);

export const tokens: Topic = {
  name: 'tokens',
  checks: [
    {
      name: 'an access token says whose it is and where from',
      source: pages.accessToken,
      run: async (pool) => {
        const { person, access } = await signedIn(pool);
        expectShape('the access token', access, {
          sub: person.sub,
          iss: issuerOf(pool, person.place),
          client_id: person.place.clientId,
          username: person.username,
          token_use: 'access',
          jti: TEXT,
          event_id: TEXT,
          version: 2,
        });
      },
    },
    {
      name: 'the times of an access token are seconds, and it lives for an hour',
      source: pages.accessToken,
      run: async (pool) => {
        const { access } = await signedIn(pool);
        expectShape('the access token', access, { iat: Number, exp: Number, auth_time: Number });
        expectSame('exp - iat', lifetimeOf(access), 3600);
        const age = Math.abs(Number(access.iat) - Date.now() / 1000);
        expectSame('whether iat is now, within five minutes', age < 300, true);
      },
    },
    {
      name: 'an access token has no audience',
      source: pages.accessToken,
      run: async (pool) => {
        const { access } = await signedIn(pool);
        expectShape('the access token', access, { aud: absent });
      },
    },
    {
      name: 'signing in by the API grants the scope of self-service alone',
      source: pages.accessToken,
      run: async (pool) => {
        const { access } = await signedIn(pool);
        expectSame('scope', access.scope, 'aws.cognito.signin.user.admin');
      },
    },
    {
      name: 'an access token tells nothing of the person',
      source: pages.accessToken,
      run: async (pool) => {
        const email = pool.newEmail();
        const { access } = await signedIn(pool, { email, name: 'Ada Example' });
        expectShape('the access token', access, { email: absent, name: absent });
      },
    },
    {
      name: 'an id token says whose it is and for whom',
      source: pages.idToken,
      run: async (pool) => {
        const { person, id } = await signedIn(pool);
        expectShape('the id token', id, {
          sub: person.sub,
          iss: issuerOf(pool, person.place),
          aud: person.place.clientId,
          'cognito:username': person.username,
          token_use: 'id',
          jti: TEXT,
          event_id: TEXT,
          auth_time: Number,
          iat: Number,
          exp: Number,
          client_id: absent,
        });
        expectSame('exp - iat', lifetimeOf(id), 3600);
      },
    },
    {
      name: 'an id token tells the attributes, and whether the address is verified as a boolean',
      source: pages.idToken,
      run: async (pool) => {
        const email = pool.newEmail();
        const attributes = { email, email_verified: 'true', name: 'Ada Example', locale: 'de' };
        const { id } = await signedIn(pool, attributes);
        expectShape('the id token', id, { ...attributes, email_verified: true });
      },
    },
    {
      name: 'custom attributes in an id token are texts, numbers too',
      source: pages.idToken,
      run: async (pool) => {
        const attributes = { 'custom:team': 'blue', 'custom:level': '7' };
        const { id } = await signedIn(pool, attributes);
        expectShape('the id token', id, attributes);
      },
    },
    {
      name: 'both tokens have the groups of the user',
      source: pages.groups,
      run: async (pool) => {
        const person = await pool.addUser();
        const GroupName = pool.newName('group');
        await pool.send(new CreateGroupCommand({ UserPoolId: person.place.poolId, GroupName }));
        await pool.send(new AdminAddUserToGroupCommand({ ...person.ofUser, GroupName }));
        const { AccessToken, IdToken } = await pool.signIn(person);
        expectSame('of the access token', claimsOf(AccessToken)['cognito:groups'], [GroupName]);
        expectSame('of the id token', claimsOf(IdToken)['cognito:groups'], [GroupName]);
      },
    },
    {
      name: 'who is in no group has no such claim',
      source: pages.groups,
      run: async (pool) => {
        const { access, id } = await signedIn(pool);
        expectShape('the access token', access, { 'cognito:groups': absent });
        expectShape('the id token', id, { 'cognito:groups': absent });
      },
    },
    {
      name: 'both tokens name the sign-in they come from, and each has an id of its own',
      source: pages.revocation,
      run: async (pool) => {
        const { access, id } = await signedIn(pool);
        expectShape('origin_jti', access.origin_jti, TEXT);
        expectSame('origin_jti of the id token', id.origin_jti, access.origin_jti);
        expectSame('event_id of the id token', id.event_id, access.event_id);
        expectSame('whether the jti differ', access.jti !== id.jti, true);
      },
    },
    {
      name: 'two sign-ins are two',
      source: pages.accessToken,
      run: async (pool) => {
        const { person, access } = await signedIn(pool);
        const again = claimsOf((await pool.signIn(person)).AccessToken);
        expectSame('whether the jti differ', access.jti !== again.jti, true);
        expectSame('whether the origin_jti differ', access.origin_jti !== again.origin_jti, true);
      },
    },
    {
      name: 'a client without token revocation gets no origin_jti',
      source: pages.revocation,
      run: async (pool) => {
        const person = await pool.addUser();
        const at = await pool.anotherClient({ EnableTokenRevocation: false });
        const { AccessToken, IdToken } = await pool.signIn(person, at);
        expectShape('the access token', claimsOf(AccessToken), { origin_jti: absent });
        expectShape('the id token', claimsOf(IdToken), { origin_jti: absent });
      },
    },
    {
      name: 'the client sets how long its tokens live',
      source: api('TokenValidityUnitsType'),
      run: async (pool) => {
        const at = await pool.anotherClient({
          AccessTokenValidity: 5,
          IdTokenValidity: 2,
          TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'hours' },
        });
        const { AccessToken, IdToken, ExpiresIn } = await pool.signIn(await pool.addUser(), at);
        expectSame('ExpiresIn', ExpiresIn, 300);
        expectSame('exp - iat of the access token', lifetimeOf(claimsOf(AccessToken)), 300);
        expectSame('exp - iat of the id token', lifetimeOf(claimsOf(IdToken)), 7200);
      },
    },
    {
      name: 'the header names a published key and RS256',
      source: pages.verifying,
      run: async (pool) => {
        const { person, tokens: given } = await signedIn(pool);
        const keys = JSON.stringify(await keysOf(pool, person.place));
        for (const token of [given.AccessToken, given.IdToken]) {
          const header = headerOf(token);
          expectShape('the header', header, { alg: 'RS256', kid: TEXT });
          expectSame(`whether ${keys} has it`, keys.includes(JSON.stringify(header.kid)), true);
        }
      },
    },
    {
      name: 'a pool publishes two RSA keys',
      source: pages.verifying,
      run: async (pool) => {
        const key = { kty: 'RSA', alg: 'RS256', use: 'sig', e: TEXT, n: TEXT, kid: TEXT };
        expectShape('jwks.json', await keysOf(pool, await pool.shared()), { keys: [key, key] });
      },
    },
    {
      name: 'both tokens verify by the published keys',
      source: pages.verifying,
      run: async (pool) => {
        const { person, tokens: given } = await signedIn(pool);
        await expectVerified(pool, person.place, given.AccessToken, 'access');
        await expectVerified(pool, person.place, given.IdToken, 'id');
      },
    },
    {
      name: 'an id token tells only what the client may read',
      source: pages.attributes,
      run: async (pool) => {
        const email = pool.newEmail();
        const person = await pool.addUser({ email, name: 'Ada Example' });
        const at = await pool.anotherClient({ ReadAttributes: ['name'] });
        const { IdToken } = await pool.signIn(person, at);
        expectShape('the id token', claimsOf(IdToken), { name: 'Ada Example', email: absent });
      },
    },
    {
      name: 'groups are listed in a token once each',
      source: pages.groups,
      run: async (pool) => {
        const person = await pool.addUser();
        const names = [pool.newName('group'), pool.newName('group')];
        for (const GroupName of names) {
          await pool.send(new CreateGroupCommand({ UserPoolId: person.place.poolId, GroupName }));
          await pool.send(new AdminAddUserToGroupCommand({ ...person.ofUser, GroupName }));
          await pool.send(new AdminAddUserToGroupCommand({ ...person.ofUser, GroupName }));
        }
        const groups = claimsOf((await pool.signIn(person)).AccessToken)['cognito:groups'];
        expectMembers('cognito:groups', Array.isArray(groups) ? groups : undefined, names);
      },
    },
  ],
};
