import { useState } from 'react';

/** Why the server took a sign-in no more, by its `reason`. */
const ENDED: Readonly<Record<string, string>> = {
  expired: 'Your sign-in has run out.',
  revoked: 'You were signed out.',
  disabled: 'Your account is disabled.',
  deleted: 'Your account is gone.',
};

interface WelcomeProps {
  /** The reason why a sign-in ended, if one did. */
  readonly ended: string | undefined;
  readonly onSignIn: () => Promise<void>;
}

export function Welcome({ ended, onSignIn }: WelcomeProps) {
  const [fault, setFault] = useState<string>();
  const begin = () =>
    onSignIn().catch((error: unknown) => setFault(`The sign-in page is out of reach: ${error}`));
  return (
    <main className="welcome">
      <h1>Lifeguard example</h1>
      {ended !== undefined && (
        <p role="status">{ENDED[ended] ?? 'Your sign-in is over.'} Sign in again to go on.</p>
      )}
      <p>People, your profile and your sign-ins, by GraphQL.</p>
      <button type="button" className="primary" onClick={begin}>
        Sign in
      </button>
      {fault !== undefined && <p role="alert">{fault}</p>}
    </main>
  );
}
