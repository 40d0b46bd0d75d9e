import type { Account } from '../../accounts/account.js';
import { missingAttributes } from '../../accounts/attributes.js';
import { setNewPassword } from '../../accounts/authentication.js';
import { html } from '../../html.js';
import type { Stores } from '../../operation.js';
import type { PoolClient } from '../../pools/pool-store.js';
import { attributeFields, sentAttributes } from '../attribute-fields.js';
import type { AuthorizationRequest } from '../authorization-request.js';
import type { FormPage } from '../form-page.js';
import { known } from '../known.js';
import { newPasswordField, usernameField } from '../views/fields.js';
import { form } from '../views/form.js';

/** Of the challenge that the page waits with; it has its own, since an answer to the API's gives tokens. */
const KIND = 'PAGE_NEW_PASSWORD';

/** What shows at the form that the temporary password was right. */
export function newPasswordSession(
  { sub }: Account,
  client: PoolClient,
  { challenges }: Stores,
): Promise<string> {
  return challenges.add(client, { kind: KIND, state: { sub } });
}

/** For who signed in by a temporary password. */
export const newPasswordPage: FormPage = {
  path: '/newPassword',
  view: async (visit, { stores }) => {
    const { pool } = visit.request;
    const session = visit.sent.get('session');
    const account = await challenged(session, visit.request, stores);
    if (account === undefined) return undefined;
    const sent = new Map([...visit.sent, ['username', account.username]]);
    return {
      title: 'Choose a new password',
      body: html`<p class="lead">The one that you signed in with was for the first time only.</p>
${form(
  { ...visit, sent },
  {
    path: '/newPassword',
    submit: 'Change password and sign in',
    fields: [
      html`<input type="hidden" name="session" value="${session}">
`,
      { ...usernameField(pool), label: 'User name', type: 'text', readonly: true },
      newPasswordField('New password', pool),
      ...attributeFields(pool, missingAttributes(pool, account.attributes)),
    ],
  },
)}`,
    };
  },
  submit: async ({ request, form: sent, parts: { stores } }) => {
    const session = sent.get('session') ?? '';
    const account = await challenged(session, request, stores);
    if (account === undefined) return { kind: 'next', path: '/login', notice: 'expired' };
    const names = missingAttributes(request.pool, account.attributes);
    const changed = await setNewPassword(
      { password: sent.get('password') ?? '', attributes: sentAttributes(names, sent) },
      account,
      request.client,
      stores,
    );
    await stores.challenges.take(request.client, session);
    return { kind: 'signed in', account: changed };
  },
};

/** Whose new password a session is for, while they still need one. */
async function challenged(
  session: string | undefined,
  { client, pool }: AuthorizationRequest,
  { challenges, accounts }: Stores,
): Promise<Account | undefined> {
  if (session === undefined) return undefined;
  const challenge = await challenges.find(client, session);
  if (challenge?.kind !== KIND) return undefined;
  const account = await known(accounts.bySub(pool, challenge.state.sub ?? ''));
  return account?.enabled && account.status === 'FORCE_CHANGE_PASSWORD' ? account : undefined;
}
