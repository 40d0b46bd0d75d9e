import {
  BadUserInputError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  UnavailableError,
} from '../../errors.js';
import { isStorable } from '../../graphql/checked-input.js';

export class UnknownUserError extends NotFoundError {
  constructor() {
    super('There is no user with this id.', {
      reason: 'user',
      hint: 'Use the `id` of a user that `users` or `user` gives.',
    });
  }
}

export class OwnAccountError extends ForbiddenError {
  constructor() {
    super('Nobody does this to their own account.', {
      reason: 'self',
      hint: 'Ask another administrator.',
    });
  }
}

export class LastAdminError extends ConflictError {
  constructor() {
    super('No administrator who can sign in would be left.', {
      reason: 'last_admin',
      hint: 'Make somebody else an administrator first.',
    });
  }
}

/** An input that breaks a rule that the pool is not needed for. */
export class CommandInputError extends BadUserInputError {
  /** @param rule completes the sentence "The input `x` ..." */
  constructor(input: string, rule: string, hint = 'Correct it and send it again.') {
    super(`The input \`${input}\` ${rule}.`, { reason: input, hint });
  }
}

/** @throws CommandInputError for a text that no table can keep */
export function expectStorable(input: string, text: string | null | undefined): void {
  if (!isStorable(text ?? ''))
    throw new CommandInputError(input, 'must have whole characters, and none of the number 0');
}

export class OtherInputError extends ConflictError {
  constructor() {
    super('This `idempotencyKey` was sent with another input before.', {
      reason: 'idempotency_key',
      hint: 'Take a new key for each action; only the same action is sent again under the same one.',
    });
  }
}

export class InProgressError extends ConflictError {
  constructor() {
    super('The action under this `idempotencyKey` is still under way.', {
      reason: 'in_progress',
      hint: 'Send the same again in a few seconds: it answers with what came of it.',
    });
  }
}

/** The pool may have done it: the server goes on until it knows. */
export class UnderWayError extends UnavailableError {
  constructor(
    readonly actionId: string,
    cause: unknown,
  ) {
    super('The user pool did not answer in time; the server goes on with it.', {
      reason: 'under_way',
      hint: `Look for the outcome in \`auditLog(filter: { actionId: "${actionId}" })\`, or send the same \`idempotencyKey\` again.`,
      retryAfter: 15,
      cause,
    });
  }
}

export class SupersededError extends ConflictError {
  constructor() {
    super('A later action has settled the same.', {
      reason: 'superseded',
      hint: 'Look at what is the case now.',
    });
  }
}

/** A password is nowhere kept, so that whoever finds the command cannot set it. */
export class InterruptedError extends ConflictError {
  constructor() {
    super('The server ended while it was done; the pool may have it or not.', {
      reason: 'interrupted',
      hint: 'Do it again.',
    });
  }
}

export class BackOfficeBulkSizeError extends BadUserInputError {
  constructor(most: number) {
    super(`A bulk action must have 1 to ${most} items.`, {
      reason: 'bulk_size',
      hint: 'Send several of them.',
    });
  }
}
