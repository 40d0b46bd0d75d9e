/** What asks for a page of a connection. */
export interface Turn {
  readonly first?: number;
  readonly after?: string | null;
  readonly last?: number;
  readonly before?: string | null;
}

interface PageButtonsProps {
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
  readonly size: number;
  readonly busy: boolean;
  readonly onTurn: (turn: Turn) => void;
}

/** Turns the pages of any connection, by its cursors. */
export function PageButtons({ pageInfo, size, busy, onTurn }: PageButtonsProps) {
  const { startCursor, endCursor, hasNextPage, hasPreviousPage } = pageInfo;
  return (
    <p className="buttons">
      <button
        type="button"
        disabled={busy || !hasPreviousPage}
        onClick={() => onTurn({ last: size, before: startCursor })}
      >
        Previous
      </button>
      <button
        type="button"
        disabled={busy || !hasNextPage}
        onClick={() => onTurn({ first: size, after: endCursor })}
      >
        Next
      </button>
    </p>
  );
}
