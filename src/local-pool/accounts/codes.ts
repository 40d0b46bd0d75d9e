import { CognitoError } from '../errors.js';
import { newCode } from '../ids.js';
import type { Code, CodePurpose, Codes } from './account.js';

const HOUR = 3_600_000;

/** Milliseconds ("Quotas in Amazon Cognito": a day, and an hour for a forgotten password). */
const LIFETIMES: Readonly<Record<CodePurpose, number>> = {
  'sign-up': 24 * HOUR,
  password: HOUR,
  email: 24 * HOUR,
  phone_number: 24 * HOUR,
};

export function codeFor(purpose: CodePurpose, address?: string): Code {
  const expiresAt = Date.now() + LIFETIMES[purpose];
  return { value: newCode(), expiresAt, ...(address !== undefined && { address }) };
}

/** The code that was answered. @throws CognitoError CodeMismatchException, ExpiredCodeException */
export function answered(codes: Codes, purpose: CodePurpose, answer: string): Code {
  const code = codes[purpose];
  if (code === undefined) throw expiredCode();
  if (code.value !== answer) throw codeMismatch();
  if (code.expiresAt <= Date.now()) throw expiredCode();
  return code;
}

export const expiredCode = () =>
  new CognitoError('ExpiredCodeException', 'Invalid code provided, please request a code again.');
export const codeMismatch = () =>
  new CognitoError(
    'CodeMismatchException',
    'Invalid verification code provided, please try again.',
  );
