import { createContext, use } from 'react';
import type { SignIn } from './sign-in.ts';

export const SignInContext = createContext<SignIn | undefined>(undefined);

export function useSignIn(): SignIn {
  const signIn = use(SignInContext);
  if (signIn === undefined) throw new Error('Nobody is signed in here.');
  return signIn;
}
