import { api, type Check, pages, type Topic } from '../check.js';
import { expectSame, expectShape } from '../difference.js';
import type { PoolUnderTest } from '../pool-under-test.js';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

const target = (operation: string) => ({
  'content-type': CONTENT_TYPE,
  'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
});

type Answer = Awaited<ReturnType<PoolUnderTest['post']>>;

/** An error's name, without the name space that AWS may put before it. */
function typeOf({ json }: Answer): string {
  const type: unknown = Reflect.get(Object(json), '__type');
  return String(type).replace(/^.*#/, '');
}

const refuses = (
  name: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  ...types: readonly string[]
): Check => ({
  name,
  source: pages.commonErrors,
  run: async (pool) => {
    const answer = await pool.post(body, headers);
    expectSame('status', answer.status, 400);
    const isExpected = types.includes(typeOf(answer));
    expectSame('__type', typeOf(answer), isExpected ? typeOf(answer) : types.join(' or '));
  },
});

const UNKNOWN = ['UnknownOperationException'];

export const protocol: Topic = {
  name: 'protocol',
  checks: [
    refuses(
      'an operation that is not there is an UnknownOperationException',
      '{}',
      target('DropEverything'),
      ...UNKNOWN,
    ),
    refuses('a call has to name an operation', '{}', { 'content-type': CONTENT_TYPE }, ...UNKNOWN),
    refuses(
      'what is no JSON is a SerializationException',
      '{"ClientId":',
      target('InitiateAuth'),
      'SerializationException',
    ),
    refuses(
      'a text where a map belongs is refused',
      '{"ClientId":"x","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":"USERNAME"}',
      target('InitiateAuth'),
      'SerializationException',
      'InvalidParameterException',
    ),
    refuses(
      'an object where a text belongs is refused',
      '{"AccessToken":{}}',
      target('GetUser'),
      'SerializationException',
      'InvalidParameterException',
    ),
    refuses(
      'a required member has to be given',
      '{}',
      target('GetUser'),
      'InvalidParameterException',
    ),
    {
      name: 'a flow that is none is an InvalidParameterException',
      source: api('InitiateAuth'),
      run: async (pool) => {
        const { clientId } = await pool.shared();
        const body = JSON.stringify({
          ClientId: clientId,
          AuthFlow: 'BY_HAND',
          AuthParameters: {},
        });
        const answer = await pool.post(body, target('InitiateAuth'));
        expectSame('__type', typeOf(answer), 'InvalidParameterException');
      },
    },
    refuses(
      'an operation of administrators has to be signed',
      '{"UserPoolId":"us-east-1_NoSuchP00"}',
      target('ListUsers'),
      'MissingAuthenticationTokenException',
      'MissingAuthenticationToken',
    ),
    {
      name: 'an error has its name and a message',
      source: api('GetUser'),
      run: async (pool) => {
        const answer = await pool.post('{"AccessToken":"not-a-token"}', target('GetUser'));
        expectSame('status', answer.status, 400);
        expectSame('__type', typeOf(answer), 'NotAuthorizedException');
        expectShape('the body', answer.json, { message: /.+/ });
      },
    },
    {
      name: 'every answer has a request id, an error too',
      source: pages.commonParameters,
      run: async (pool) => {
        const { headers } = await pool.post('{}', target('GetUser'));
        const id = headers.get('x-amzn-requestid');
        expectShape('x-amzn-requestid', id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      },
    },
    {
      name: 'answers are of the content type of the protocol',
      source: pages.commonParameters,
      run: async (pool) => {
        const { headers } = await pool.post('{}', target('GetUser'));
        expectSame('content-type', headers.get('content-type'), CONTENT_TYPE);
      },
    },
    {
      name: 'a member that is null is a member that is not given',
      source: api('InitiateAuth'),
      run: async (pool) => {
        const { username, place } = await pool.addUser();
        const body = JSON.stringify({
          ClientId: place.clientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: username, PASSWORD: 'Conform1ng!' },
          ClientMetadata: null,
        });
        expectSame('status', (await pool.post(body, target('InitiateAuth'))).status, 200);
      },
    },
    {
      name: 'dates are seconds since 1970, and numbers',
      source: api('UserType'),
      run: async (pool) => {
        const { UserCreateDate } = await pool.user(await pool.addUser());
        const age = Math.abs(Number(UserCreateDate) - Date.now());
        expectSame('whether UserCreateDate is now, within five minutes', age < 300_000, true);
      },
    },
  ],
};
