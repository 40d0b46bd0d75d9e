import { html } from '../../html.js';
import { callApi } from '../api.js';
import type { FormPage } from '../form-page.js';
import { usernameField } from '../views/fields.js';
import { form, links } from '../views/form.js';

export const forgotPasswordPage: FormPage = {
  path: '/forgotPassword',
  view: (visit) => ({
    title: 'Forgot your password?',
    body: html`<p class="lead">Tell us who you are, and we send you a code to choose a new one with.</p>
${form(visit, {
  path: '/forgotPassword',
  submit: 'Send a code',
  fields: [usernameField(visit.request.pool)],
})}${links(visit, { '/login': 'Back to sign in' })}`,
  }),
  submit: async ({ request, form: sent, parts: { stores } }) => {
    const username = sent.get('username') ?? '';
    await callApi('ForgotPassword', request.client, { Username: username }, stores);
    return { kind: 'next', path: '/confirmForgotPassword', notice: 'code-sent', username };
  },
};
