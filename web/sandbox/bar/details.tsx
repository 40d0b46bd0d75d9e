import { useState } from 'react';
import type { Session } from '../session.ts';
import { isRenewable, type Sessions } from '../sessions.ts';
import type { ViewerAnswer } from '../viewer.ts';

const PANEL = 'viewer-details';

export interface DetailsProps {
  readonly session: Session;
  readonly answer: ViewerAnswer | undefined;
  readonly sessions: Sessions;
}

/** All that the server says of the token, and what one may do with it. */
export function Details({ session, answer, sessions }: DetailsProps) {
  return (
    <>
      <button type="button" popoverTarget={PANEL}>
        Details
      </button>
      <section id={PANEL} popover="auto" aria-label="Details" className="panel details-panel">
        <dl>
          {rowsOf(answer).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p className="panel-row">
          {isRenewable(session) && (
            <button type="button" onClick={() => sessions.renew()}>
              Refresh token
            </button>
          )}
          <CopyToken token={session.accessToken} />
        </p>
      </section>
    </>
  );
}

function rowsOf(answer: ViewerAnswer | undefined): (readonly [string, string])[] {
  if (answer === undefined) return [];
  if ('refusal' in answer) {
    const { message, hint } = answer.refusal;
    return [['Refused', message], ...(hint === undefined ? [] : [['Hint', hint] as const])];
  }
  const { kind, user, groups, scopes, clientId } = answer.viewer;
  return [
    ['Kind', kind],
    ['User id', user?.id ?? 'none'],
    ['Groups', groups.join(', ') || 'none'],
    ['Scopes', scopes.join(', ') || 'none'],
    ['App client', clientId],
  ];
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
