import { html } from '../../html.js';

/** Nothing is sent here: where to find what Cognito would have sent. */
export const mailboxLink = html`<p class="hint">The local pool sends no messages: codes are in its
<a href="/local-pool/mailbox" target="_blank" rel="noopener">mailbox (opens in a new tab)</a>.</p>
`;
