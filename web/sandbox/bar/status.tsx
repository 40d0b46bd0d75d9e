import { useState } from 'react';
import type { Session } from '../session.ts';
import { isRenewable, type Sessions, type Standing } from '../sessions.ts';
import { useStore } from '../store.ts';
import type { Viewer } from '../viewer.ts';
import { Countdown } from './countdown.tsx';

/** Who asks, by the server's word, and until when. */
export function Status({ sessions }: { readonly sessions: Sessions }) {
  const standing = useStore(sessions.standing);
  const { session, answer, notice } = standing;
  const viewer = answer && 'viewer' in answer ? answer.viewer : undefined;
  return (
    <div className="bar-status">
      <output aria-label="Viewer">
        <Said standing={standing} />
        {notice !== undefined && <strong className="refused">{notice}</strong>}
      </output>
      {viewer && <Countdown end={viewer.tokenExpiresAt} />}
      {session && <Details session={session} viewer={viewer} sessions={sessions} />}
      {session && (
        <button type="button" onClick={() => sessions.signOut()}>
          Sign out
        </button>
      )}
    </div>
  );
}

function Said({ standing: { session, answer, busy } }: { readonly standing: Standing }) {
  if (session === undefined)
    return busy ? <span>Signing in …</span> : <span>Anonymous: requests carry no token.</span>;
  if (answer === undefined) return <b>{session.name} …</b>;
  if ('viewer' in answer) {
    const { kind, roles } = answer.viewer;
    return (
      <>
        <b>{session.name}</b>
        <span>{roles.length > 0 ? roles.join(', ') : `${kind}, no role`}</span>
      </>
    );
  }
  const { status, code, reason, message } = answer.refusal;
  return (
    <>
      <b>{session.name}</b>
      <strong className="refused">
        {status > 0 ? `HTTP ${status} ${code}` : code}
        {reason !== undefined && ` (${reason})`}
      </strong>
      <span>{message}</span>
    </>
  );
}

interface DetailsProps {
  readonly session: Session;
  readonly viewer: Viewer | undefined;
  readonly sessions: Sessions;
}

/** The rest of what the server knows of the viewer, and what one may do with the token. */
function Details({ session, viewer, sessions }: DetailsProps) {
  return (
    <details className="bar-details">
      <summary>Details</summary>
      <div>
        {viewer && <ViewerTable viewer={viewer} />}
        <p>
          {isRenewable(session) && (
            <button type="button" onClick={() => sessions.renew()}>
              Refresh token
            </button>
          )}
          <CopyToken token={session.accessToken} />
        </p>
      </div>
    </details>
  );
}

function ViewerTable({ viewer }: { readonly viewer: Viewer }) {
  const { kind, user, groups, scopes, clientId } = viewer;
  const rows = [
    ['Kind', kind],
    ['User id', user?.id ?? 'none'],
    ['Groups', groups.join(', ') || 'none'],
    ['Scopes', scopes.join(', ') || 'none'],
    ['App client', clientId],
  ];
  return (
    <dl>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function CopyToken({ token }: { readonly token: string }) {
  const [copied, setCopied] = useState<string>();
  const copy = () => navigator.clipboard.writeText(token).then(() => setCopied(token));
  return (
    <button type="button" onClick={copy}>
      {copied === token ? 'Copied' : 'Copy token'}
    </button>
  );
}
