import { callApi } from '../api.js';
import type { FormPage } from '../form-page.js';
import { confirmUserPage } from './confirm-user.js';

/** A second button of the page that takes the code: where it fails, that page is shown again. */
export const resendCodePage: FormPage = {
  path: '/resendcode',
  view: confirmUserPage.view,
  submit: async ({ request, form: sent, parts: { stores } }) => {
    const Username = sent.get('username') ?? '';
    await callApi('ResendConfirmationCode', request.client, { Username }, stores);
    const others = new Map([...sent].filter(([name]) => name !== 'code'));
    return {
      kind: 'show',
      page: confirmUserPage,
      sent: others,
      notice: 'We have sent a new code.',
    };
  },
};
