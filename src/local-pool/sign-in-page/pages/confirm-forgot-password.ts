import { html } from '../../html.js';
import { callApi } from '../api.js';
import type { FormPage } from '../form-page.js';
import { codeField, newPasswordField, usernameField } from '../views/fields.js';
import { form, links } from '../views/form.js';
import { mailboxLink } from '../views/mailbox-link.js';

export const confirmForgotPasswordPage: FormPage = {
  path: '/confirmForgotPassword',
  view: (visit) => {
    const { pool } = visit.request;
    return {
      title: 'Choose a new password',
      body: html`${form(visit, {
        path: '/confirmForgotPassword',
        submit: 'Change password',
        fields: [
          usernameField(pool),
          codeField,
          mailboxLink,
          newPasswordField('New password', pool),
        ],
      })}${links(visit, {
        '/forgotPassword': 'Send a new code',
        '/login': 'Back to sign in',
      })}`,
    };
  },
  submit: async ({ request, form: sent, parts: { stores } }) => {
    const username = sent.get('username') ?? '';
    await callApi(
      'ConfirmForgotPassword',
      request.client,
      {
        Username: username,
        ConfirmationCode: sent.get('code') ?? '',
        Password: sent.get('password') ?? '',
      },
      stores,
    );
    return { kind: 'next', path: '/login', notice: 'password-changed', username };
  },
};
