import { html } from '../../html.js';
import type { Stores } from '../../operation.js';
import type { PoolClient } from '../../pools/pool-store.js';
import { callApi } from '../api.js';
import { type AuthorizationRequest, pageFor } from '../authorization-request.js';
import type { FormPage, Outcome } from '../form-page.js';
import { codeField, usernameField } from '../views/fields.js';
import { form, links } from '../views/form.js';
import { mailboxLink } from '../views/mailbox-link.js';

const KIND = 'PAGE_SIGN_UP';
/** Seconds in which who signed up is signed in by the code alone. */
const LIFETIME = 3600;

/** What shows at the form that it was this browser where the password was chosen. */
export function signUpSession(
  sub: string,
  client: PoolClient,
  { challenges }: Stores,
): Promise<string> {
  return challenges.add(client, { kind: KIND, state: { sub } }, LIFETIME);
}

/** "Confirm user endpoint" of the managed login. */
export const confirmUserPage: FormPage = {
  path: '/confirmUser',
  view: (visit) => {
    const { request, sent } = visit;
    return {
      title: 'Confirm your account',
      body: html`${form(visit, {
        path: '/confirmUser',
        submit: 'Confirm account',
        fields: [
          html`<input type="hidden" name="session" value="${sent.get('session')}">
`,
          usernameField(request.pool),
          codeField,
          mailboxLink,
        ],
        others: html`<button type="submit" class="secondary" formnovalidate
formaction="${pageFor('/resendcode', request.parameters)}">Send a new code</button>
`,
      })}${links(visit, { '/login': 'Back to sign in' })}`,
    };
  },
  submit: async ({ request, form: sent, parts: { stores } }) => {
    const username = sent.get('username') ?? '';
    await callApi(
      'ConfirmSignUp',
      request.client,
      { Username: username, ConfirmationCode: sent.get('code') ?? '' },
      stores,
    );
    return (
      (await signedUpHere(sent.get('session'), username, request, stores)) ?? {
        kind: 'next',
        path: '/login',
        notice: 'confirmed',
        username,
      }
    );
  },
};

/** Who chose their password at this browser a moment ago need not enter it again, as with Cognito. */
async function signedUpHere(
  session: string | undefined,
  username: string,
  { client, pool }: AuthorizationRequest,
  { challenges, accounts }: Stores,
): Promise<Outcome | undefined> {
  const challenge = session === undefined ? undefined : await challenges.take(client, session);
  const account = await accounts.find(pool, username);
  if (challenge?.kind !== KIND || challenge.state.sub !== account?.sub || !account?.enabled)
    return undefined;
  return { kind: 'signed in', account };
}
