import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BaseEntity } from '../../src/database/base-entity.js';
import { createErrorReports } from '../../src/telemetry/index.js';
import { type Receiver, startReceiver } from '../support/receiver.js';

class Order extends BaseEntity {
  readonly customer = 'Ada Okafor';
}

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

async function reported(error: unknown, details: Readonly<Record<string, unknown>> = {}) {
  const dsn = `http://public@${receiver.host}/7`;
  const reports = await createErrorReports({ dsn, environment: 'production' });
  reports?.report(error, { details });
  await reports?.close();
  const text = receiver.received.at(-1)?.text ?? '';
  return { text, event: JSON.parse(text.split('\n')[2] ?? '') };
}

test('nothing is reported without a DSN', async () => {
  expect(await createErrorReports(undefined)).toBeUndefined();
});

test('an entity reads as its class and id', async () => {
  const order = new Order();
  const { event, text } = await reported(new Error(`cannot ship ${order}`), { order });
  expect(event.exception.values[0].value).toBe(`cannot ship <Order ${order.id}>`);
  expect(event.extra).toEqual({ order: `<Order ${order.id}>` });
  expect(text).not.toContain('Okafor');
});

test.each([
  ['an e-mail address', 'ada.lovelace@example.com'],
  ['a telephone number', '+44 20 7946 0018'],
  ['a telephone number without spaces', '+442079460018'],
  ['an IPv4 address', '203.0.113.77'],
  ['an IPv6 address', '2001:db8::8a2e:370:7334'],
  ['an access token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'],
])('%s is taken out, wherever it stands', async (_what, secret) => {
  const { text } = await reported(
    new Error(`sent by ${secret}: no`, { cause: new AggregateError([new Error(secret)], secret) }),
    { told: secret, deeper: { list: [secret] } },
  );
  expect(text).toContain('sent by [');
  expect(text).not.toContain(secret);
});

test('a report stays JSON where an e-mail address begins a line', async () => {
  const { event } = await reported(new Error('no'), { told: 'sent by\nada@example.com' });
  expect(event.extra).toEqual({ told: 'sent by\n[e-mail]' });
});

test.each(['email', 'phoneNumber', 'authorization', 'cookie', 'variables'])(
  'the value of %s is withheld',
  async (key) => {
    const { text } = await reported(new Error('no'), { deeper: { [key]: 'hidden' } });
    expect(text).not.toContain('hidden');
  },
);

test('an error comes after what caused it, each with its stack and no variables', async () => {
  const { event } = await reported(new TypeError('outer', { cause: new RangeError('inner') }));
  const { values } = event.exception;
  expect(values.map(({ type }: { type: string }) => type)).toEqual(['RangeError', 'TypeError']);
  expect(JSON.stringify(values)).toContain('sentry.unit.test');
  expect(JSON.stringify(values)).not.toContain('"vars"');
});

test('what is no error is told by its type alone', async () => {
  const { event } = await reported('ada said no');
  expect(event.exception.values[0].value).toBe('Not an error: string');
});
