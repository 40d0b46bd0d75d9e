import { type Html, html } from '../../html.js';

/** What a page shows. */
export interface Page {
  readonly title: string;
  readonly body: Html;
}

export const STYLESHEET = '/sign-in-page.css';

/** A whole document. */
export function layout({ title, body }: Page): string {
  const { text } = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Lifeguard local pool</title>
<link rel="stylesheet" href="${STYLESHEET}">
</head>
<body>
<header class="brand">Lifeguard <span class="badge">local pool</span></header>
<main>
<h1>${title}</h1>
${body}
</main>
<footer>For development: it stands in for the sign-in page of Amazon Cognito.</footer>
</body>
</html>
`;
  return `<!doctype html>\n${text}`;
}
