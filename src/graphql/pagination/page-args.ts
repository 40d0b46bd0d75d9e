import { ArgsType, Field, Int } from 'type-graphql';
import { BadUserInputError } from '../../errors.js';

export const DEFAULT_PAGE_SIZE = 20;

/** The arguments of a Relay connection that is read forwards only. */
@ArgsType()
export class ForwardPageArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'How many from the beginning, or after `after`; 20 by default.',
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A cursor of this list: what comes after it.',
  })
  after?: string | null;
}

/** The arguments of a Relay connection (GraphQL Cursor Connections Specification, section 4). */
@ArgsType()
export class PageArgs extends ForwardPageArgs {
  @Field(() => Int, { nullable: true, description: 'How many from the end, or before `before`.' })
  last?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A cursor of this list: what comes before it.',
  })
  before?: string | null;
}

export type Direction =
  | { readonly first: number; readonly after: string | undefined }
  | { readonly last: number; readonly before: string | undefined };

/**
 * Which way a page goes, and how far.
 * @throws BadUserInputError for both ways at once and for sizes outside 0 to `most`.
 */
export function directionOf({ first, after, last, before }: PageArgs, most: number): Direction {
  const forward = first != null || after != null;
  const backward = last != null || before != null;
  if (forward && backward) {
    throw new BadUserInputError('A page goes one way.', {
      reason: 'page',
      hint: 'Give `first` with `after`, or `last` with `before`.',
    });
  }
  if (backward) return { last: sizeOf('last', last, most), before: before ?? undefined };
  return { first: sizeOf('first', first, most), after: after ?? undefined };
}

function sizeOf(argument: string, size: number | null | undefined, most: number): number {
  if (size == null) return Math.min(DEFAULT_PAGE_SIZE, most);
  if (size >= 0 && size <= most) return size;
  throw new BadUserInputError(`The argument \`${argument}\` must be from 0 to ${most}.`, {
    reason: 'page_size',
    hint: `Ask for at most ${most} and go on with the page's cursor.`,
  });
}
