import { useMutation, useQuery } from '@apollo/client/react';
import { Fault } from '../../fault.tsx';
import {
  EndSessionDocument,
  SessionsDocument,
  type SessionsQuery,
  SignOutEverywhereDocument,
} from '../../graphql/graphql.ts';
import type { Page } from '../../pages.ts';
import { useSignIn } from '../../sign-in-context.ts';

export const page: Page = { title: 'Sign-ins', order: 3, Content: Sessions };

type Session = NonNullable<SessionsQuery['viewer']['sessions']>[number];

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function Sessions() {
  const signIn = useSignIn();
  const { data, error, refetch } = useQuery(SessionsDocument);
  const [end, ending] = useMutation(EndSessionDocument, { errorPolicy: 'all' });
  const [endAll, endingAll] = useMutation(SignOutEverywhereDocument, { errorPolicy: 'all' });
  const fault = error ?? ending.error ?? endingAll.error;
  const leaveEverywhere = async () => {
    const { data } = await endAll();
    if (data) await signIn.end();
  };
  return (
    <>
      {fault && <Fault error={fault} onRetry={() => refetch()} />}
      <ul className="sessions" aria-label="Sign-ins">
        {data?.viewer.sessions?.map((session) => (
          <li key={session.id}>
            <Description session={session} />
            {!session.current && session.endedAt === null && (
              <button
                type="button"
                disabled={ending.loading}
                onClick={() => end({ variables: { input: { id: session.id } } })}
              >
                End
              </button>
            )}
          </li>
        ))}
      </ul>
      <p className="buttons">
        <button type="button" disabled={endingAll.loading} onClick={leaveEverywhere}>
          Sign out everywhere
        </button>
      </p>
    </>
  );
}

function Description({ session }: { readonly session: Session }) {
  const { current, endedAt, network, userAgent, lastSeenAt } = session;
  return (
    <span>
      <strong>{current ? 'This sign-in' : endedAt === null ? 'Another sign-in' : 'Ended'}</strong>
      <span className="quiet">
        {[network, `last seen ${moment.format(new Date(lastSeenAt))}`, userAgent]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </span>
  );
}
