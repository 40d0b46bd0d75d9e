import { invalidParameter } from './errors.js';

/** A position of a list, as an opaque token. */
export function tokenOf(position: string): string {
  return Buffer.from(`p:${position}`).toString('base64');
}

/** @throws CognitoError InvalidParameterException */
export function positionOf(token: string | undefined): string {
  if (token === undefined) return '';
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith('p:')) throw invalidParameter('Invalid pagination token given.');
  return text.slice(2);
}
