import { z } from 'zod';
import { html } from '../../html.js';
import { callApi } from '../api.js';
import { attributeFields, sentAttributes, signUpAttributes } from '../attribute-fields.js';
import type { FormPage } from '../form-page.js';
import { newPasswordField, newUsernameField } from '../views/fields.js';
import { form, links } from '../views/form.js';
import { confirmUserPage, signUpSession } from './confirm-user.js';

/** SignUpResponse of the API. */
const signedUp = z.object({
  UserSub: z.string(),
  UserConfirmed: z.boolean(),
  CodeDeliveryDetails: z.object({ Destination: z.string() }).optional(),
});

export const signUpPage: FormPage = {
  path: '/signup',
  view: (visit) => {
    const { pool, client } = visit.request;
    return {
      title: 'Sign up',
      body: html`<p class="lead">to continue to ${client.settings.ClientName}</p>
${form(visit, {
  path: '/signup',
  submit: 'Sign up',
  fields: [
    newUsernameField(pool),
    ...attributeFields(pool, signUpAttributes(pool, client)),
    newPasswordField('Password', pool),
  ],
})}${links(visit, { '/login': 'Have an account already? Sign in' })}`,
    };
  },
  submit: async ({ request, form: sent, parts: { stores } }) => {
    const { pool, client } = request;
    const username = sent.get('username') ?? '';
    const answer = await callApi(
      'SignUp',
      client,
      {
        Username: username,
        Password: sent.get('password') ?? '',
        UserAttributes: sentAttributes(signUpAttributes(pool, client), sent),
      },
      stores,
    );
    const { UserSub, UserConfirmed, CodeDeliveryDetails: delivery } = signedUp.parse(answer);
    if (UserConfirmed)
      return { kind: 'signed in', account: await stores.accounts.bySub(pool, UserSub) };
    if (delivery === undefined)
      return { kind: 'next', path: '/login', notice: 'confirmed-later', username };
    const session = await signUpSession(UserSub, client, stores);
    return {
      kind: 'show',
      page: confirmUserPage,
      sent: new Map([
        ['username', username],
        ['session', session],
      ]),
      notice: `We have sent a code to ${delivery.Destination}.`,
    };
  },
};
