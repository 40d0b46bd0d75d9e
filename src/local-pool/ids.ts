import { randomInt } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

const random = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

export const newPoolId = (region: string) =>
  `${region}_${random(LETTERS + LETTERS.toUpperCase() + DIGITS, 9)}`;
export const newClientId = () => random(LETTERS + DIGITS, 26);
export const newClientSecret = () => random(LETTERS + DIGITS, 52);
export const newCode = () => random(DIGITS, 6);
