import type { Sessions, Standing } from '../sessions.ts';
import { useStore } from '../store.ts';
import { Countdown } from './countdown.tsx';
import { Details } from './details.tsx';

/** Who asks, by the server's word, and until when. */
export function Status({ sessions }: { readonly sessions: Sessions }) {
  const standing = useStore(sessions.standing);
  const { session, answer } = standing;
  return (
    <div className="bar-status">
      <output aria-label="Viewer">
        <Said standing={standing} />
      </output>
      {answer && 'viewer' in answer && <Countdown end={answer.viewer.tokenExpiresAt} />}
      {session && (
        <>
          <Details session={session} answer={answer} sessions={sessions} />
          <button type="button" onClick={() => sessions.signOut()}>
            Sign out
          </button>
        </>
      )}
    </div>
  );
}

/** What went wrong on the way to a session. */
export function Notice({ sessions }: { readonly sessions: Sessions }) {
  const { notice } = useStore(sessions.standing);
  return (
    <p role="alert" aria-label="Notice" className="bar-notice">
      {notice}
    </p>
  );
}

function Said({ standing: { session, answer, busy } }: { readonly standing: Standing }) {
  if (session === undefined)
    return <span>{busy ? 'Signing in …' : 'Anonymous: requests carry no token.'}</span>;
  if (answer === undefined) return <b>{session.name} …</b>;
  if ('viewer' in answer) {
    const { kind, roles } = answer.viewer;
    const what = kind === 'CLIENT' ? 'machine client' : 'person';
    return (
      <>
        <b>{session.name}</b>
        <span>{roles.join(', ') || `${what}, no role`}</span>
      </>
    );
  }
  const { status, code, reason } = answer.refusal;
  return (
    <>
      <b>{session.name}</b>
      <strong className="refused">
        {[status > 0 && `HTTP ${status}`, code, reason && `(${reason})`].filter(Boolean).join(' ')}
      </strong>
    </>
  );
}
