import type { FormPage } from '../form-page.js';
import { confirmForgotPasswordPage } from './confirm-forgot-password.js';
import { confirmUserPage } from './confirm-user.js';
import { forgotPasswordPage } from './forgot-password.js';
import { loginPage } from './login.js';
import { newPasswordPage } from './new-password.js';
import { resendCodePage } from './resend-code.js';
import { signUpPage } from './sign-up.js';

/** Every page with a form. */
export const pages: readonly FormPage[] = [
  loginPage,
  newPasswordPage,
  signUpPage,
  confirmUserPage,
  resendCodePage,
  forgotPasswordPage,
  confirmForgotPasswordPage,
];
