import { useMutation, useQuery } from '@apollo/client/react';
import { useState, useSyncExternalStore } from 'react';
import { Avatar } from './avatar.tsx';
import { Fault } from './fault.tsx';
import { SignOutDocument, ViewerDocument } from './graphql/graphql.ts';
import { pages } from './pages.ts';
import { useSignIn } from './sign-in-context.ts';

/** Who is signed in, the way to the pages, and one of them. */
export function Shell() {
  const hash = useSyncExternalStore(onHashChange, () => location.hash);
  const page = pages.find((page) => page.hash === hash) ?? pages[0];
  return (
    <>
      <header>
        <nav aria-label="Pages">
          {pages.map(({ hash, title }) => (
            <a key={hash} href={hash} aria-current={hash === page?.hash ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <Viewer />
      </header>
      <main>
        <h1>{page?.title}</h1>
        {page && <page.Content key={page.hash} />}
      </main>
    </>
  );
}

function onHashChange(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

function Viewer() {
  const signIn = useSignIn();
  const { data, error, refetch } = useQuery(ViewerDocument);
  const [signOut] = useMutation(SignOutDocument, { errorPolicy: 'all' });
  const [isLeaving, setLeaving] = useState(false);
  const leave = async () => {
    setLeaving(true);
    // First here, where it counts at once for every server. Should that fail, the pool's end is still worth having.
    await signOut().catch(() => undefined);
    await signIn.end();
  };
  const { user, roles = [] } = data?.viewer ?? {};
  return (
    <section className="viewer" aria-label="Signed in">
      {error && <Fault error={error} onRetry={() => refetch()} />}
      {user && <Avatar profile={user.profile} />}
      {user && <span className="name">{user.profile.name ?? 'Nameless'}</span>}
      {roles.map((role) => (
        <span key={role} className="role">
          {role}
        </span>
      ))}
      <button type="button" onClick={leave} disabled={isLeaving}>
        Sign out
      </button>
    </section>
  );
}
