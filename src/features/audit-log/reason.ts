import { BadUserInputError } from '../../errors.js';
import { isStorable } from '../../graphql/checked-input.js';

const REASON_LENGTH = 500;

export class ReasonError extends BadUserInputError {
  constructor() {
    super(`The input \`reason\` must have 1 to ${REASON_LENGTH} characters.`, {
      reason: 'reason',
      hint: 'Say in a sentence why; the audit log keeps it.',
    });
  }
}

/** Why somebody acts, as the audit log keeps it. @throws ReasonError */
export function reasonIn(given: string | null | undefined): string {
  const reason = given?.trim() ?? '';
  if (reason.length > 0 && reason.length <= REASON_LENGTH && isStorable(reason)) return reason;
  throw new ReasonError();
}
