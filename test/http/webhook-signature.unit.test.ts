import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { isSigned, type SignedMessage } from '../../src/http/webhook-signature.js';

const secret = Buffer.from('C2FVsBQIhrscChlQIMV+b5sSYspob7oD', 'base64');
const NOW = 1_700_000_000_000;

function signed(changes: Partial<SignedMessage> = {}, key = secret): SignedMessage {
  const message = {
    id: 'msg_1',
    timestamp: '1700000000',
    body: Buffer.from('{"a":1}'),
    ...changes,
  };
  const { id, timestamp, body } = message;
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
  return { signatures: `v1,${hmac.digest('base64')}`, ...message };
}

test('agrees with the example of the Standard Webhooks libraries', () => {
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    signatures: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    body: Buffer.from('{"test": 2432232314}'),
  };
  const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
  expect(isSigned(message, key, 1_614_265_330_000)).toBe(true);
});

describe('a genuine message', () => {
  test.each([
    ['now', 0],
    ['five minutes ago', 300_000],
    ['five minutes ahead', -300_000],
  ])('of %s is taken', (_when, later) => {
    expect(isSigned(signed(), secret, NOW + later)).toBe(true);
  });

  test('may have signatures by other secrets and of other versions', () => {
    const { signatures } = signed();
    const others = `v1a,AAAA v1,${Buffer.alloc(32).toString('base64')} ${signatures}`;
    expect(isSigned(signed({ signatures: others }), secret, NOW)).toBe(true);
  });

  test('may hold any bytes', () => {
    expect(isSigned(signed({ body: Buffer.from([0xff, 0x00, 0xfe]) }), secret, NOW)).toBe(true);
  });
});

describe('a message', () => {
  const { signatures } = signed();
  test.each<[string, SignedMessage, number]>([
    ['by another secret', signed({}, Buffer.alloc(24, 1)), NOW],
    ['of six minutes ago', signed(), NOW + 360_000],
    ['of six minutes ahead', signed(), NOW - 360_000],
    ['with another body', { ...signed(), body: Buffer.from('{"a":2}') }, NOW],
    ['with bytes that decode to the same text', { ...signed(), body: Buffer.from([0xff]) }, NOW],
    ['under another id', { ...signed(), id: 'msg_2' }, NOW],
    ['of another time', { ...signed(), timestamp: '1700000001' }, NOW],
    ['without a signature', { ...signed(), signatures: '' }, NOW],
    ['with a version alone', { ...signed(), signatures: 'v1,' }, NOW],
    ['of another version', { ...signed(), signatures: signatures.replace('v1', 'v2') }, NOW],
    ['with half a signature', { ...signed(), signatures: signatures.slice(0, 20) }, NOW],
    ['without an id', signed({ id: '' }), NOW],
    ['with an id of two lines', signed({ id: 'a\nb' }), NOW],
    ['without a time', signed({ timestamp: '' }), NOW],
    ['of a time that is no number', signed({ timestamp: '1700000000e0' }), NOW],
  ])('%s is not', (_what, message, now) => {
    expect(isSigned(message, secret, now)).toBe(false);
  });
});
