import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  attributeTypes,
  claimsOf,
  PASSWORD,
  type Place,
  refreshWith,
  refusal,
  startTestPool,
  type TestPool,
} from './test-pool.js';

interface Event {
  readonly triggerSource: string;
  readonly request: { readonly userAttributes?: Record<string, string> };
  readonly response: object;
}
type Answer = (event: Event) => unknown;

/** What the triggers of the test at hand answer; those that it does not name answer with the event. */
let answers: Record<string, Answer> = {};
/** Every event that came, in order. */
let events: Event[] = [];

/** As a Lambda function would: it gets an event and gives one. */
const trigger = (name: string) => async (event: unknown) => {
  const copy: Event = JSON.parse(JSON.stringify(event));
  events.push(copy);
  return (answers[name] ?? (() => event))(copy);
};
const respond = (response: object) => (event: Event) => ({ ...event, response });

let pool: TestPool;
let place: Place;
beforeAll(async () => {
  pool = await startTestPool({
    PreSignUp: trigger('PreSignUp'),
    PostConfirmation: trigger('PostConfirmation'),
    PreTokenGeneration: trigger('PreTokenGeneration'),
    UserMigration: trigger('UserMigration'),
    CustomMessage: trigger('CustomMessage'),
  });
});
beforeEach(async () => {
  answers = {};
  place = await pool.place();
  events = [];
});
afterAll(() => pool.close());

const sources = () => events.map(({ triggerSource }) => triggerSource);
const eventOf = (source: string) => events.find(({ triggerSource }) => triggerSource === source);

const signUp = (username: string, attributes: Record<string, string> = {}) =>
  pool.cognito.send(
    new SignUpCommand({
      ClientId: place.clientId,
      Username: username,
      Password: PASSWORD,
      UserAttributes: attributeTypes({ email: `${username}@example.com`, ...attributes }),
      ValidationData: [{ Name: 'invitation', Value: '42' }],
      ClientMetadata: { from: 'test' },
    }),
  );

const statusOf = async (username: string) =>
  (
    await pool.cognito.send(
      new AdminGetUserCommand({ UserPoolId: place.poolId, Username: username }),
    )
  ).UserStatus;

describe('PreSignUp', () => {
  test("gets Cognito's event", async () => {
    await signUp('nia', { name: 'Nia' });
    expect(eventOf('PreSignUp_SignUp')).toEqual({
      version: '1',
      region: 'us-east-1',
      userPoolId: place.poolId,
      userName: 'nia',
      triggerSource: 'PreSignUp_SignUp',
      callerContext: { awsSdkVersion: expect.any(String), clientId: place.clientId },
      request: {
        userAttributes: {
          email: 'nia@example.com',
          name: 'Nia',
        },
        validationData: { invitation: '42' },
        clientMetadata: { from: 'test' },
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    });
  });

  test('confirms and verifies, and no code is sent then', async () => {
    answers = { PreSignUp: respond({ autoConfirmUser: true, autoVerifyEmail: true }) };
    const before = pool.logged.length;
    expect((await signUp('nia')).UserConfirmed).toBe(true);
    expect(pool.logged.length).toBe(before);
    expect(await statusOf('nia')).toBe('CONFIRMED');
    expect((await pool.attributesOf(place, 'nia')).email_verified).toBe('true');
    expect(sources()).toEqual(['PreSignUp_SignUp', 'PostConfirmation_ConfirmSignUp']);
    await pool.signIn(place, 'nia@example.com');
  });

  test('refuses a sign-up, and nobody is signed up', async () => {
    answers = {
      PreSignUp: () => {
        throw new Error('Only by invitation');
      },
    };
    expect(await refusal(signUp('nia'))).toEqual({
      name: 'UserLambdaValidationException',
      message: 'PreSignUp failed with error Only by invitation.',
    });
    answers = {};
    await signUp('nia');
  });

  test('hears of invitations, and refuses them too', async () => {
    const invite = (Username: string) =>
      pool.cognito.send(
        new AdminCreateUserCommand({
          UserPoolId: place.poolId,
          Username,
          UserAttributes: attributeTypes({ email: `${Username}@example.com` }),
        }),
      );
    await invite('ivo');
    expect(eventOf('PreSignUp_AdminCreateUser')).toMatchObject({
      userName: 'ivo',
      callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
      request: { userAttributes: { email: 'ivo@example.com' } },
    });
    answers = {
      PreSignUp: () => {
        throw new Error('No more seats');
      },
    };
    expect((await refusal(invite('una'))).name).toBe('UserLambdaValidationException');
    expect((await refusal(statusOf('una'))).name).toBe('UserNotFoundException');
  });

  test.each([
    ['nothing', () => undefined],
    ['a text', () => 'fine'],
    ['an event without a response', () => ({})],
  ])('may not answer with %s', async (_what, answer) => {
    answers = { PreSignUp: answer };
    expect((await refusal(signUp('nia'))).name).toBe('InvalidLambdaResponseException');
  });

  test('has five seconds', async () => {
    answers = { PreSignUp: () => new Promise(() => undefined) };
    expect((await refusal(signUp('nia'))).name).toBe('UnexpectedLambdaException');
  });
});

describe('PostConfirmation', () => {
  test('is told of a confirmed sign-up, with the attributes as they are then', async () => {
    await signUp('nia');
    await pool.cognito.send(
      new ConfirmSignUpCommand({
        ClientId: place.clientId,
        Username: 'nia',
        ConfirmationCode: pool.lastCode(),
        ClientMetadata: { from: 'test' },
      }),
    );
    expect(events.at(-1)).toMatchObject({
      triggerSource: 'PostConfirmation_ConfirmSignUp',
      callerContext: { clientId: place.clientId },
      request: {
        userAttributes: { 'cognito:user_status': 'CONFIRMED', email_verified: 'true' },
        clientMetadata: { from: 'test' },
      },
      response: {},
    });
  });

  test('is told when an administrator confirms', async () => {
    await signUp('nia');
    await pool.cognito.send(
      new AdminConfirmSignUpCommand({ UserPoolId: place.poolId, Username: 'nia' }),
    );
    expect(sources().at(-1)).toBe('PostConfirmation_ConfirmSignUp');
  });

  test('is told of a new password, and who fails there has confirmed all the same', async () => {
    await pool.addUser(place, 'uma', { email: 'uma@example.com', email_verified: 'true' });
    const ofUser = { ClientId: place.clientId, Username: 'uma' };
    await pool.cognito.send(new ForgotPasswordCommand(ofUser));
    answers = {
      PostConfirmation: () => {
        throw new Error('down');
      },
    };
    const confirm = pool.cognito.send(
      new ConfirmForgotPasswordCommand({
        ...ofUser,
        ConfirmationCode: pool.lastCode(),
        Password: 'Another1!',
      }),
    );
    expect((await refusal(confirm)).name).toBe('UserLambdaValidationException');
    expect(sources().at(-1)).toBe('PostConfirmation_ConfirmForgotPassword');
    await pool.signIn(place, 'uma', 'Another1!');
  });
});

describe('PreTokenGeneration', () => {
  const changes = (claimsAndScopeOverrideDetails: object) => ({
    PreTokenGeneration: respond({ claimsAndScopeOverrideDetails }),
  });

  test('gets version 2 of the event', async () => {
    await pool.addUser(place, 'uma', { name: 'Uma' });
    await pool.signIn(place, 'uma');
    expect(events.at(-1)).toMatchObject({
      version: '2',
      triggerSource: 'TokenGeneration_Authentication',
      userName: 'uma',
      request: {
        userAttributes: { name: 'Uma', 'cognito:user_status': 'CONFIRMED' },
        scopes: ['aws.cognito.signin.user.admin'],
        groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
      },
      response: { claimsAndScopeOverrideDetails: null },
    });
  });

  test('adds, overrides and suppresses claims, scopes and groups', async () => {
    await pool.addUser(place, 'uma', { name: 'Uma', locale: 'en' });
    answers = changes({
      idTokenGeneration: {
        claimsToAddOrOverride: { name: 'Other', plan: { seats: 3 } },
        claimsToSuppress: ['locale'],
      },
      accessTokenGeneration: {
        claimsToAddOrOverride: { tenant: 'acme' },
        scopesToAdd: ['orders/read'],
        scopesToSuppress: ['aws.cognito.signin.user.admin'],
      },
      groupOverrideDetails: { groupsToOverride: ['guests'] },
    });
    const { AccessToken, IdToken } = await pool.signIn(place, 'uma');
    expect(claimsOf(AccessToken)).toMatchObject({
      tenant: 'acme',
      scope: 'orders/read',
      'cognito:groups': ['guests'],
    });
    const id = claimsOf(IdToken);
    expect(id).toMatchObject({ name: 'Other', plan: { seats: 3 }, 'cognito:groups': ['guests'] });
    expect(id).not.toHaveProperty('locale');
  });

  test('cannot say who it is, until when, or for whom', async () => {
    const sub = await pool.addUser(place, 'uma');
    const claimsToAddOrOverride = { sub: 'x', exp: 1, iss: 'x', token_use: 'id', client_id: 'x' };
    answers = changes({
      accessTokenGeneration: {
        claimsToAddOrOverride,
        claimsToSuppress: ['exp', 'sub', 'username'],
      },
    });
    const { AccessToken } = await pool.signIn(place, 'uma');
    const claims = claimsOf(AccessToken);
    expect(claims).toMatchObject({
      sub,
      username: 'uma',
      token_use: 'access',
      client_id: place.clientId,
    });
    expect(claims.exp).toBeGreaterThan(Date.now() / 1000);
  });

  test('is asked at each refresh', async () => {
    await pool.addUser(place, 'uma');
    const { RefreshToken } = await pool.signIn(place, 'uma');
    answers = changes({ accessTokenGeneration: { claimsToAddOrOverride: { round: 'second' } } });
    const { AuthenticationResult } = await pool.cognito.send(refreshWith(place, RefreshToken));
    expect(sources().at(-1)).toBe('TokenGeneration_RefreshTokens');
    expect(claimsOf(AuthenticationResult?.AccessToken).round).toBe('second');
  });
});

describe('UserMigration', () => {
  const ofUser = () => ({ ClientId: place.clientId, Username: 'olga' });

  test('signs in someone of an older directory, who is of this pool from then on', async () => {
    answers = {
      UserMigration: respond({
        userAttributes: { email: 'olga@example.com', email_verified: 'true' },
        finalUserStatus: 'CONFIRMED',
      }),
    };
    const first = await pool.signIn(place, 'olga', 'old-password');
    expect(eventOf('UserMigration_Authentication')).toMatchObject({
      userName: 'olga',
      request: { password: 'old-password', validationData: null },
    });
    answers = {};
    events = [];
    const second = await pool.signIn(place, 'olga@example.com', 'old-password');
    expect(claimsOf(second.AccessToken).sub).toBe(claimsOf(first.AccessToken).sub);
    expect(sources()).toEqual(['TokenGeneration_Authentication']);
  });

  test('knows nobody by a wrong password', async () => {
    answers = {
      UserMigration: () => {
        throw new Error('Bad password');
      },
    };
    expect(await refusal(pool.signIn(place, 'olga'))).toEqual({
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    });
    expect((await refusal(statusOf('olga'))).name).toBe('UserNotFoundException');
  });

  test('helps who forgot the password there', async () => {
    answers = {
      UserMigration: respond({
        userAttributes: { email: 'olga@example.com', email_verified: 'true' },
        finalUserStatus: 'RESET_REQUIRED',
        messageAction: 'SUPPRESS',
      }),
    };
    await pool.cognito.send(new ForgotPasswordCommand(ofUser()));
    expect(eventOf('UserMigration_ForgotPassword')?.request).not.toHaveProperty('password');
    await pool.cognito.send(
      new ConfirmForgotPasswordCommand({
        ...ofUser(),
        ConfirmationCode: pool.lastCode(),
        Password: PASSWORD,
      }),
    );
    await pool.signIn(place, 'olga');
  });

  test('is not asked for a user whom the pool has', async () => {
    await pool.addUser(place, 'olga');
    events = [];
    await refusal(pool.signIn(place, 'olga', 'Wrong1!x'));
    expect(sources()).toEqual([]);
  });
});

describe('CustomMessage', () => {
  test('words what is sent', async () => {
    answers = {
      CustomMessage: respond({ emailSubject: 'Hello', emailMessage: 'Your code: {####}.' }),
    };
    await signUp('nia');
    expect(pool.logged.at(-1)).toMatch(/^code \d{6} for nia@example\.com$/);
    expect(eventOf('CustomMessage_SignUp')).toMatchObject({
      request: {
        codeParameter: '{####}',
        usernameParameter: null,
        userAttributes: { email: 'nia@example.com' },
        clientMetadata: { from: 'test' },
      },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    });
  });

  test('may not leave the code out', async () => {
    answers = { CustomMessage: respond({ emailMessage: 'Welcome!' }) };
    expect((await refusal(signUp('nia'))).name).toBe('InvalidLambdaResponseException');
  });

  test('words an invitation, with the name', async () => {
    const invite = () =>
      pool.cognito.send(
        new AdminCreateUserCommand({
          UserPoolId: place.poolId,
          Username: 'ivo',
          TemporaryPassword: 'Temporary1!',
          UserAttributes: attributeTypes({ email: 'ivo@example.com' }),
        }),
      );
    answers = { CustomMessage: respond({ emailMessage: 'Code {####}' }) };
    expect((await refusal(invite())).name).toBe('InvalidLambdaResponseException');
    expect(eventOf('CustomMessage_AdminCreateUser')).toMatchObject({
      request: { codeParameter: '{####}', usernameParameter: '{username}' },
    });
  });
});

test('a refused sign-in calls no trigger of tokens', async () => {
  await pool.addUser(place, 'uma');
  events = [];
  const attempt = pool.cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: place.clientId,
      AuthParameters: { USERNAME: 'uma', PASSWORD: 'Wrong1!x' },
    }),
  );
  expect((await refusal(attempt)).name).toBe('NotAuthorizedException');
  expect(events).toEqual([]);
});
