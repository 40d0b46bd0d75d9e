import { createHash } from 'node:crypto';
import { type Html, html } from '../html.js';
import type { SentMessage } from '../messages.js';

const STYLE = html`
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 45rem; padding: 1rem; }
ol { list-style: none; padding: 0; }
li { border-block-start: 1px solid GrayText; padding-block: 1rem; }
h2 { font-size: 1.125rem; margin: 0; }
dl { display: grid; gap: 0 1rem; grid-template-columns: max-content 1fr; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; }
p { overflow-wrap: anywhere; white-space: pre-wrap; }
code { font-size: 1.25rem; }
`;

const styleHash = createHash('sha256').update(STYLE.text).digest('base64');

/** No script, nothing from elsewhere, and its own style sheet alone. */
export const MAILBOX_POLICY = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** What Cognito would have sent, the newest first. */
export function mailboxPage(messages: readonly SentMessage[]): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailbox of the local pool</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Mailbox of the local pool</h1>
<p>What Amazon Cognito would have sent, the newest first. Nothing leaves this machine.</p>
${messages.length === 0 ? html`<p>Nothing was sent yet.</p>` : html`<ol>${messages.map(entry)}</ol>`}
</main>
</body>
</html>
`;
  return page.text;
}

function entry({ at, to, subject, text, code }: SentMessage): Html {
  return html`
<li>
<article>
<h2>${subject}</h2>
<dl>
<dt>To</dt><dd>${to}</dd>
<dt>At</dt><dd><time datetime="${at}">${at}</time></dd>
${code !== undefined && html`<dt>Code</dt><dd><code>${code}</code></dd>`}
</dl>
<p>${text}</p>
</article>
</li>`;
}
