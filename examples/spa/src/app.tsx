import { ApolloProvider } from '@apollo/client/react';
import { useCallback, useState } from 'react';
import { createApi } from './api.ts';
import type { Config } from './config.ts';
import { Shell } from './shell.tsx';
import type { SignIn } from './sign-in.ts';
import { SignInContext } from './sign-in-context.ts';
import { Welcome } from './welcome.tsx';

interface AppProps {
  readonly config: Config;
  readonly signIn: SignIn;
}

/** What the signed-in person sees, or the way to sign in. */
export function App({ config, signIn }: AppProps) {
  const [isSignedIn, setSignedIn] = useState(signIn.current() !== undefined);
  const [ended, setEnded] = useState<string>();
  const onSignedOut = useCallback(
    (reason: string) => {
      void signIn.forget();
      setEnded(reason);
      setSignedIn(false);
    },
    [signIn],
  );
  if (!isSignedIn) return <Welcome ended={ended} onSignIn={() => signIn.begin()} />;
  return (
    <SignInContext value={signIn}>
      <SignedIn config={config} signIn={signIn} onSignedOut={onSignedOut} />
    </SignInContext>
  );
}

interface SignedInProps extends AppProps {
  readonly onSignedOut: (reason: string) => void;
}

/** It has a cache of its own, which goes with it: nobody sees what was read for somebody else. */
function SignedIn({ config, signIn, onSignedOut }: SignedInProps) {
  const [client] = useState(() => createApi(config, signIn, onSignedOut));
  return (
    <ApolloProvider client={client}>
      <Shell />
    </ApolloProvider>
  );
}
