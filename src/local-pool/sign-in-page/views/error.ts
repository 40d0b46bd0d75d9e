import { html } from '../../html.js';
import type { Page } from './layout.js';

/** For who cannot be sent anywhere: the client is unknown, or the address is none of its own. */
export function errorPage(code: string, message: string): Page {
  return {
    title: 'This sign-in is not possible',
    body: html`<div class="message error" role="alert">${message}</div>
<p>The app that brought you here has asked for something that it may not. Its developers will know
the error <code>${code}</code>.</p>
`,
  };
}
