import { authenticate } from '../../accounts/authentication.js';
import { CognitoError } from '../../errors.js';
import { html } from '../../html.js';
import type { FormPage, Outcome } from '../form-page.js';
import { passwordField, usernameField } from '../views/fields.js';
import { form, links } from '../views/form.js';
import { newPasswordPage, newPasswordSession } from './new-password.js';

/** "Login endpoint" in the developer guide. */
export const loginPage: FormPage = {
  path: '/login',
  view: (visit) => {
    const { client, pool } = visit.request;
    return {
      title: 'Sign in',
      body: html`<p class="lead">to continue to ${client.settings.ClientName}</p>
${form(visit, {
  path: '/login',
  submit: 'Sign in',
  fields: [usernameField(pool), passwordField],
})}${links(visit, {
  '/forgotPassword': 'Forgot your password?',
  ...(!pool.settings.AdminCreateUserConfig.AllowAdminCreateUserOnly && {
    '/signup': 'New here? Sign up',
    '/confirmUser': 'Have a code? Confirm your account',
  }),
})}`,
    };
  },
  submit: async (submission) => {
    const { request, form: sent, parts } = submission;
    const username = sent.get('username') ?? '';
    const credentials = { username, password: sent.get('password') ?? '' };
    try {
      const account = await authenticate(credentials, request.client, parts.stores);
      if (account.status !== 'FORCE_CHANGE_PASSWORD') return { kind: 'signed in', account };
      const session = await newPasswordSession(account, request.client, parts.stores);
      return { kind: 'show', page: newPasswordPage, sent: new Map([['session', session]]) };
    } catch (error) {
      const detour = error instanceof CognitoError ? DETOURS[error.type] : undefined;
      if (detour === undefined) throw error;
      return { ...detour, username };
    }
  },
};

/** Where people go on whose password was right. */
const DETOURS: Readonly<Record<string, Extract<Outcome, { kind: 'next' }>>> = {
  UserNotConfirmedException: { kind: 'next', path: '/confirmUser', notice: 'unconfirmed' },
  PasswordResetRequiredException: {
    kind: 'next',
    path: '/confirmForgotPassword',
    notice: 'reset-required',
  },
};
