import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { Avatar } from '../../avatar.tsx';
import { Fault, reasonOf } from '../../fault.tsx';
import { PeopleDocument, type PeopleQueryVariables } from '../../graphql/graphql.ts';
import { PageButtons } from '../../page-buttons.tsx';
import type { Page } from '../../pages.ts';

export const page: Page = { title: 'People', order: 1, Content: People };

const SIZE = 20;

function People() {
  const [variables, turnTo] = useState<PeopleQueryVariables>({ first: SIZE });
  const { data, previousData, error, loading, refetch } = useQuery(PeopleDocument, { variables });
  if (error && reasonOf(error).code === 'FORBIDDEN') return <NotAllowed />;
  // The last page stays until the next one is here.
  const users = (data ?? previousData)?.users;
  return (
    <>
      {error && <Fault error={error} onRetry={() => refetch()} />}
      {users === undefined && loading && <p role="status">Reading…</p>}
      {users && (
        <>
          <ul className="people" aria-label="People" aria-busy={loading}>
            {users.nodes.map(({ id, profile }) => (
              <li key={id}>
                <Avatar profile={profile} />
                <span className="name">{profile.name ?? profile.nickname ?? 'Nameless'}</span>
                {profile.stale && <span className="quiet">may be out of date</span>}
              </li>
            ))}
          </ul>
          <PageButtons pageInfo={users.pageInfo} size={SIZE} busy={loading} onTurn={turnTo} />
        </>
      )}
    </>
  );
}

/** What a person without a role sees, who may see nobody else. */
function NotAllowed() {
  return (
    <div role="alert" className="fault">
      <p>You may not see other people here.</p>
      <p>That takes the role MEMBER, SUPPORT or ADMIN. Ask whoever runs this application.</p>
    </div>
  );
}
