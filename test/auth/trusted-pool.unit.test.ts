import { expect, test } from '@jest/globals';
import { trustedPool } from '../../src/auth/trusted-pool.js';

test.each([['eu-west-1'], ['us-gov-west-1'], ['ap-southeast-2']])(
  'a pool of %s has both issuers that AWS gives it',
  (region) => {
    const id = `${region}_Ab12Cd34E`;
    expect(trustedPool({ id, clientIds: ['one', 'two'] })).toEqual({
      id,
      clientIds: ['one', 'two'],
      issuers: [
        `https://cognito-idp.${region}.amazonaws.com/${id}`,
        `https://issuer-cognito-idp.${region}.amazonaws.com/${id}`,
      ],
      jwksUri: `https://cognito-idp.${region}.amazonaws.com/${id}/.well-known/jwks.json`,
    });
  },
);

test.each([['http://127.0.0.1:4001'], ['http://127.0.0.1:4001/']])(
  'a pool at the endpoint %s has one issuer there',
  (endpoint) => {
    expect(trustedPool({ id: 'local_1', clientIds: [], endpoint })).toEqual({
      id: 'local_1',
      clientIds: [],
      issuers: ['http://127.0.0.1:4001/local_1'],
      jwksUri: 'http://127.0.0.1:4001/local_1/.well-known/jwks.json',
    });
  },
);

test.each([
  ['without a Region', 'Ab12Cd34E'],
  ['empty', ''],
  ['with a host in it', 'evil.example/eu-west-1_Ab12Cd34E'],
  ['with a path in it', 'eu-west-1_Ab/../12'],
])('a pool id %s is refused', (_case, id) => {
  expect(() => trustedPool({ id, clientIds: [] })).toThrow(TypeError);
});
