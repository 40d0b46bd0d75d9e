import { BadUserInputError } from '../errors.js';

/** An input that breaks a rule. */
export class InputError extends BadUserInputError {
  /** @param rule what it must be, such as `must be from 1 to 10` */
  constructor(input: string, rule: string, hint?: string) {
    super(`The input \`${input}\` ${rule}.`, {
      reason: 'input',
      ...(hint !== undefined && { hint }),
    });
  }
}

/** Whether PostgreSQL can keep a text: it takes no NUL and no half of a character. */
export function isStorable(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

export interface TextRule {
  /** Characters. */
  readonly most: number;
}

/** A text without the space around it. @throws InputError for one that is blank or too long */
export function textIn(input: string, value: string, { most }: TextRule): string {
  const text = value.trim();
  if (text !== '' && [...text].length <= most && isStorable(text)) return text;
  throw new InputError(
    input,
    `must have 1 to ${most} characters`,
    'Leave it out, or give null, where there is nothing to say and the input allows it.',
  );
}

export interface NumberRule {
  readonly least: number;
  readonly most: number;
}

/** @throws InputError for a number outside of the range */
export function numberIn(input: string, value: number, { least, most }: NumberRule): number {
  if (value >= least && value <= most) return value;
  throw new InputError(input, `must be from ${least} to ${most}`);
}

export interface DecimalRule {
  /** Digits in all. */
  readonly precision: number;
  /** Digits after the point. */
  readonly scale: number;
}

/**
 * A decimal number as the database writes it: `7.5` becomes `7.50` where the scale is 2.
 * @throws InputError for what is no such number, or has more digits
 */
export function decimalIn(input: string, value: string, { precision, scale }: DecimalRule): string {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  const digits = whole.replace(/^0+(?=\d)/, '');
  if (whole === '' || digits.length > precision - scale || part.length > scale) {
    throw new InputError(
      input,
      `must be a decimal number with at most ${precision - scale} digits before the point and ${scale} after it`,
      'Give a text such as "12.5", without separators of thousands or a currency.',
    );
  }
  const number = scale === 0 ? digits : `${digits}.${part.padEnd(scale, '0')}`;
  return /[1-9]/.test(number) ? sign + number : number;
}
