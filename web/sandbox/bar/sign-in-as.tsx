import { useEffect, useState } from 'react';
import type { LocalPool, Person } from '../local-pool.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { type AppClient, SignInPage } from '../sign-in-page.ts';
import { useStore } from '../store.ts';

export interface SignInAsProps {
  readonly sessions: Sessions;
  readonly clients: readonly AppClient[];
  readonly localPool: LocalPool | undefined;
}

/** One seeded person of each kind. */
const KINDS = [
  { label: 'Person', email: 'uma@example.com' },
  { label: 'Support', email: 'sam@example.com' },
  { label: 'Admin', email: 'ada@example.com' },
];

export function SignInAs({ sessions, clients, localPool }: SignInAsProps) {
  const { session } = useStore(sessions.standing);
  return (
    <fieldset className="bar-group" aria-label="Sign in as">
      <span className="bar-label">Sign in as</span>
      <button
        type="button"
        aria-pressed={session === undefined}
        title="Requests carry no token"
        onClick={() => sessions.forget()}
      >
        Anonymous
      </button>
      {localPool && <OneClick sessions={sessions} localPool={localPool} session={session} />}
      <SignInPageButton sessions={sessions} clients={clients} />
    </fieldset>
  );
}

interface OneClickProps {
  readonly sessions: Sessions;
  readonly localPool: LocalPool;
  readonly session: Session | undefined;
}

function OneClick({ sessions, localPool, session }: OneClickProps) {
  const isBy = (name: string) => session?.source === 'one click' && session.name === name;
  const others = usePeople(localPool).filter(
    (person) => !KINDS.some(({ email }) => email === person.email),
  );
  return (
    <>
      {KINDS.map(({ label, email }) => (
        <button
          key={email}
          type="button"
          aria-pressed={isBy(email)}
          title={`Signs in as ${email}`}
          onClick={() => sessions.become(() => localPool.signIn(email))}
        >
          {label} <small>{email.split('@', 1)}</small>
        </button>
      ))}
      <button
        type="button"
        aria-pressed={session?.source === 'machine client'}
        title="The client credentials grant"
        onClick={() => sessions.become(() => localPool.signInMachine())}
      >
        Machine client
      </button>
      {others.length > 0 && (
        <select
          aria-label="Another person"
          value={others.map(({ username }) => username).find(isBy) ?? ''}
          onChange={({ target: { value } }) => sessions.become(() => localPool.signIn(value))}
        >
          <option value="" disabled>
            Another person
          </option>
          {others.map(({ username, group, state }) => (
            // Not by e-mail, which several accounts may share.
            <option key={username} value={username}>
              {[username, group ?? state].filter(Boolean).join(' · ')}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

function usePeople(localPool: LocalPool): readonly Person[] {
  const [people, setPeople] = useState<readonly Person[]>([]);
  useEffect(() => {
    localPool.describe().then(
      (description) => setPeople(description.people),
      // The buttons beside it say so when they are used.
      () => setPeople([]),
    );
  }, [localPool]);
  return people;
}

function SignInPageButton({ sessions, clients }: Pick<SignInAsProps, 'sessions' | 'clients'>) {
  const { session } = useStore(sessions.standing);
  const [chosen, choose] = useState(0);
  const client = clients[chosen];
  const isOnePool = new Set(clients.map(({ authority }) => authority)).size === 1;
  if (client === undefined) return null;
  const open = async () => {
    await new SignInPage(client).open();
    return session;
  };
  return (
    <>
      {clients.length > 1 && (
        <select
          aria-label="App client"
          value={chosen}
          onChange={({ target: { value } }) => choose(Number(value))}
        >
          {clients.map(({ authority, clientId }, index) => (
            <option key={`${authority} ${clientId}`} value={index}>
              {isOnePool ? clientId : `${authority.split('/').at(-1)} · ${clientId}`}
            </option>
          ))}
        </select>
      )}
      <button
        type="button"
        aria-pressed={session?.source === 'sign-in page'}
        title="The pool's own page: authorization code with PKCE"
        onClick={() => sessions.become(open)}
      >
        Sign-in page
      </button>
    </>
  );
}
