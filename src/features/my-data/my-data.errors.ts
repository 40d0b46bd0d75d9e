import { BadUserInputError, RateLimitedError } from '../../errors.js';

export class ExportLimitError extends RateLimitedError {
  constructor(most: number, retryAfter: number) {
    super(`Everything was exported ${most} times within a day.`, {
      reason: 'export_limit',
      hint: 'Keep what you have, and ask again later.',
      retryAfter,
    });
  }
}

export class ExportPositionError extends BadUserInputError {
  constructor() {
    super('The input `after` must be the `next` of a part of an export of the last hour.', {
      reason: 'after',
      hint: 'Begin again, without `after`.',
    });
  }
}
