import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attributes, html } from '../../src/local-pool/html.js';
import { text } from './sign-in-page/browser.js';

describe('a template', () => {
  test('escapes what is put into it', () => {
    expect(html`<p title="${`"'&`}">${'<b>&amp;</b>'}</p>`.text).toBe(
      '<p title="&quot;&#39;&amp;">&lt;b&gt;&amp;amp;&lt;/b&gt;</p>',
    );
  });

  test('takes markup, lists and numbers, and nothing for what is absent', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    expect(html`${items}${1}${undefined}${false}${[html`<hr>`, '&']}`.text).toBe(
      '<li>a</li><li>&lt;b&gt;</li>1<hr>&amp;',
    );
  });

  test('does not take for markup what only looks like it', () => {
    // What a request might bring, past the types.
    const forged = { text: '<script>' } as never;
    expect(() => html`${forged}`).toThrow(TypeError);
  });

  test('shows any text as it is, and lets none of it be markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const markup = html`${value}`.text;
        expect(markup).not.toMatch(/[<>"']/);
        expect(text(markup)).toBe(value);
      }),
    );
  });
});

test('attributes are escaped, left out or alone', () => {
  expect(
    attributes({
      value: '" autofocus onfocus="alert(1)',
      required: true,
      hint: undefined,
      off: false,
    }).text,
  ).toBe(' value="&quot; autofocus onfocus=&quot;alert(1)" required');
});
