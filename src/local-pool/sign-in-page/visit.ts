import type { AuthorizationRequest } from './authorization-request.js';
import type { Parameters } from './parameters.js';

export interface Refusal {
  readonly message: string;
  /** What has to be entered anew, by the name of its field. */
  readonly field?: string | undefined;
}

/** What a page is made from. */
export interface Visit {
  readonly request: AuthorizationRequest;
  readonly csrf: string;
  /** What the form was sent with, where it was. */
  readonly sent: Parameters;
  /** Why it was refused. */
  readonly error?: Refusal | undefined;
  /** What happened on the page before. */
  readonly notice?: string | undefined;
}

/** What a page tells the next one, by a name in the address: no text of an address is ever shown. */
export const NOTICES = {
  confirmed: 'Your account is confirmed. You can sign in now.',
  'confirmed-later': 'Your account was made. An administrator has to confirm it.',
  'code-sent': 'We have sent you a code.',
  unconfirmed: 'Your account is not confirmed yet. Enter the code that we sent you.',
  'reset-required': 'Your password has to be reset. Enter the code that we sent you.',
  'password-changed': 'Your password was changed. You can sign in now.',
  expired: 'That took too long. Please sign in again.',
} as const;
export type Notice = keyof typeof NOTICES;

export function noticeOf(parameters: Parameters): string | undefined {
  const name = parameters.get('notice') ?? '';
  return Object.entries(NOTICES).find(([notice]) => notice === name)?.[1];
}
