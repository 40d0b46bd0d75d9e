import { BAD_TOKENS, badSession, canMake, isBy } from '../bad-token.ts';
import type { LocalPool } from '../local-pool.ts';
import type { Sessions } from '../sessions.ts';
import { useStore } from '../store.ts';

export interface BadTokensProps {
  readonly sessions: Sessions;
  readonly localPool: LocalPool | undefined;
}

/** Tokens that the server must refuse; the editor's queries carry the one that is chosen. */
export function BadTokens({ sessions, localPool }: BadTokensProps) {
  const { session } = useStore(sessions.standing);
  return (
    <fieldset className="bar-group" aria-label="Bad tokens">
      <span className="bar-label">Bad tokens</span>
      {BAD_TOKENS.map((kind) => (
        <button
          key={kind}
          type="button"
          aria-pressed={isBy(kind, session)}
          disabled={!canMake(kind, session, localPool !== undefined)}
          onClick={() =>
            sessions.become(() =>
              badSession(kind, session, { localPool, endpoint: sessions.endpoint }),
            )
          }
        >
          {kind}
        </button>
      ))}
    </fieldset>
  );
}
