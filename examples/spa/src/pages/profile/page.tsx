import { useQuery } from '@apollo/client/react';
import { Fault } from '../../fault.tsx';
import { MyProfileDocument } from '../../graphql/graphql.ts';
import type { Page } from '../../pages.ts';
import { ProfileForm } from './profile-form.tsx';

export const page: Page = { title: 'My profile', order: 2, Content: Profile };

function Profile() {
  const { data, error, refetch } = useQuery(MyProfileDocument);
  if (!data) {
    if (error) return <Fault error={error} onRetry={() => refetch()} />;
    return <p role="status">Reading…</p>;
  }
  const { id, account, profile } = data.me;
  return (
    <>
      {account?.email && (
        <p>
          {account.email} <span className="quiet">{!account.emailVerified && 'not verified'}</span>
        </p>
      )}
      {profile.stale && <p role="note">What is shown may be out of date.</p>}
      <ProfileForm key={id} profile={profile} />
    </>
  );
}
