import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';

/** The sandbox as a person meets it: by roles and accessible names. */
export class SandboxPage {
  readonly page: Page;
  /** Who asks, by the server's word. */
  readonly viewer: Locator;
  /** What HTTP said of the editor's last answer. */
  readonly lastAnswer: Locator;
  readonly result: Locator;
  readonly documentation: Locator;
  readonly #editor: Locator;

  constructor(page: Page) {
    this.page = page;
    this.viewer = page.getByRole('status', { name: 'Viewer' });
    this.lastAnswer = page.getByRole('status', { name: 'Last answer' });
    this.result = page.getByRole('region', { name: 'Result Window' });
    this.#editor = page.getByRole('region', { name: 'Operation Editor' });
    this.documentation = page.getByRole('region', { name: 'Documentation Explorer' });
  }

  static async open(page: Page, origin: string): Promise<SandboxPage> {
    // So that the editor, which draws no more than is to be seen, draws whole answers.
    await page.setViewportSize({ width: 1600, height: 1200 });
    await page.goto(`${origin}/graphql`);
    const sandbox = new SandboxPage(page);
    await sandbox.ready();
    return sandbox;
  }

  /** Waits for both editors, without which the button to send a query does nothing. */
  async ready(): Promise<void> {
    for (const part of [this.#editor, this.result]) await part.getByRole('textbox').waitFor();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Shows the tab of this name. */
  async openTab(name: string): Promise<void> {
    const tabs = this.page.getByRole('list', { name: 'Select active operation' });
    await tabs.getByRole('button', { name, exact: true }).click();
  }

  /** Chooses who asks, and waits until the server has said what it makes of that. */
  async become(button: string | RegExp, said: string): Promise<void> {
    await this.button(button).click();
    await hasText(this.viewer, said);
  }

  /** Sends what the tab holds, and waits until the page shows this of the answer. */
  async run(...shown: string[]): Promise<void> {
    const answered = this.page.waitForResponse(
      (response) =>
        new URL(response.url()).pathname === '/graphql' &&
        // The page's own questions: who asks, and what the schema is.
        !response.request().postData()?.includes('query Sandbox'),
    );
    await this.button(/^Execute query/).click();
    const requestId = (await answered).headers()['x-request-id'] ?? '';
    await hasText(this.lastAnswer, requestId);
    for (const text of shown) await hasText(this.result, text);
  }

  /** Sends what the tab holds again and again, until the page shows this of an answer. */
  async runUntil(shown: string): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      await this.run();
      const isShown = await hasText(this.result, shown, 500).then(
        () => true,
        () => false,
      );
      if (isShown) return;
      if (Date.now() > deadline) return hasText(this.result, shown, 0);
    }
  }

  /** Pastes a query into a new tab; of typed ones the editor closes the brackets. */
  async write(query: string): Promise<void> {
    await this.button('New tab').click();
    await this.#editor.click();
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(query)})`);
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('ControlOrMeta+V');
    await hasText(this.#editor, query);
  }
}

/** Milliseconds in which a page shows what it is to show, on a busy machine. */
const PATIENCE = 20_000;

/** Waits until a part of the page shows a text, however its lines are broken. */
export async function hasText(part: Locator, text: string, patience = PATIENCE): Promise<void> {
  const deadline = Date.now() + patience;
  await part.waitFor();
  for (;;) {
    const shown = await part.innerText();
    if (withoutSpace(shown).includes(withoutSpace(text))) return;
    if (Date.now() > deadline) throw new Error(`"${text}" is not in "${shown}"`);
    await sleep(50);
  }
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, '');
}
