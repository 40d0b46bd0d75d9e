import { z } from 'zod';

const response = z.object({
  data: z.object({ signOut: z.object({ session: z.object({ id: z.string() }) }) }),
});

/** Ends the sign-in that a token is of at the server. Rejects where the server does not take the token. */
export async function signOutHere(endpoint: string, accessToken: string): Promise<void> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: 'mutation SignOut { signOut { session { id } } }' }),
  });
  if (response.safeParse(await answer.json()).success) return;
  throw new Error('The server did not sign the token out.');
}
