/** Of every page; colours have a contrast of 4.5 to 1 at least, light and dark. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --page: #f3f5f8;
  --card: #ffffff;
  --text: #17202c;
  --soft: #4d5a6b;
  --line: #76849a;
  --brand: #b3261e;
  --accent: #0b57a4;
  --accent-text: #ffffff;
  --error-back: #fdecea;
  --error-text: #8c1d13;
  --notice-back: #e7f1fb;
  --notice-text: #0d4276;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151c;
    --card: #19212b;
    --text: #e8edf3;
    --soft: #a9b5c4;
    --line: #7b8aa0;
    --brand: #ff8a80;
    --accent: #8ec1ff;
    --accent-text: #08182b;
    --error-back: #43191a;
    --error-text: #ffc9c4;
    --notice-back: #14304d;
    --notice-text: #cbe3ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
  padding: 2rem 1rem;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere;
}
.brand, main, footer { width: 100%; max-width: 26rem; margin: 0 auto; }
.brand { margin-bottom: 1rem; font-weight: 700; font-size: 1.125rem; color: var(--brand); }
.badge {
  margin-left: 0.25rem;
  padding: 0.125rem 0.5rem;
  border: 1px solid var(--line);
  border-radius: 1rem;
  color: var(--soft);
  font-size: 0.8125rem;
  font-weight: 400;
}
main {
  padding: 2rem;
  background: var(--card);
  border-radius: 0.75rem;
  box-shadow: 0 1px 3px rgb(0 0 0 / 18%);
}
footer { padding: 1rem 0; color: var(--soft); font-size: 0.875rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
h1:has(+ .lead) { margin-bottom: 0.25rem; }
.lead { margin: 0 0 1.25rem; color: var(--soft); }
.field { margin-bottom: 1.125rem; }
label { display: block; margin-bottom: 0.25rem; font-weight: 600; }
.optional, .hint { color: var(--soft); font-size: 0.875rem; font-weight: 400; }
.hint { margin: 0 0 0.375rem; }
form > .hint { margin-top: -0.5rem; margin-bottom: 1.125rem; }
input:not([type="hidden"]) {
  display: block;
  width: 100%;
  min-height: 2.75rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: var(--card);
  color: inherit;
  font: inherit;
}
input:read-only:not([type="hidden"]) { background: var(--page); }
input[aria-invalid] { border: 2px solid var(--error-text); }
button {
  width: 100%;
  min-height: 2.75rem;
  padding: 0.5rem 1rem;
  border: 1px solid var(--accent);
  border-radius: 0.5rem;
  background: var(--accent);
  color: var(--accent-text);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:hover { filter: brightness(1.08); }
button.secondary { margin-top: 0.75rem; background: transparent; color: var(--accent); }
:is(input, button, a):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.message { margin-bottom: 1.25rem; padding: 0.75rem 1rem; border-radius: 0.5rem; border-left: 4px solid; }
.error { background: var(--error-back); color: var(--error-text); }
.notice { background: var(--notice-back); color: var(--notice-text); }
a { color: var(--accent); }
nav ul { margin: 1.25rem 0 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: 0.375rem 0; }
code { font-size: 0.9375em; }
@media (max-width: 30rem) {
  body { padding: 1rem 0.75rem; }
  main { padding: 1.5rem 1.25rem; }
}
@media (forced-colors: active) {
  main { border: 1px solid; }
}
`;
