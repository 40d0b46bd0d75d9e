import type { Locator, Page } from 'playwright-core';
import { SEEDED_PASSWORD } from '../../src/local-pool/index.js';

/** The host of the seeded people's pictures. */
export const PICTURES = 'people.example.com';
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect fill="#c9a27e" width="1" height="1"/></svg>';

/** The example as a person meets it. */
export class SpaPage {
  readonly page: Page;
  readonly people: Locator;
  /** Who is signed in, by the server's word. */
  readonly viewer: Locator;
  readonly alert: Locator;

  constructor(page: Page) {
    this.page = page;
    this.people = page.getByRole('list', { name: 'People' }).getByRole('listitem');
    this.viewer = page.getByRole('region', { name: 'Signed in' });
    this.alert = page.getByRole('alert');
  }

  static async open(page: Page, origin: string): Promise<SpaPage> {
    await page
      .context()
      .route(`https://${PICTURES}/**`, (route) =>
        route.fulfill({ contentType: 'image/svg+xml', body: PICTURE }),
      );
    await page.goto(`${origin}/`);
    return new SpaPage(page);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** By way of the pool's sign-in page. */
  async signIn(username: string): Promise<void> {
    await this.button('Sign in').click();
    await this.page.waitForURL(/\/login\?/);
    await this.page.getByLabel(/^(user name|e-mail)/i).fill(username);
    await this.page.getByLabel('Password', { exact: true }).fill(SEEDED_PASSWORD);
    await this.button('Sign in').click();
    await this.viewer.waitFor();
  }

  async goTo(title: string): Promise<void> {
    await this.page.getByRole('link', { name: title }).click();
    await this.page.getByRole('heading', { name: title, level: 1 }).waitFor();
  }

  /** What oidc-client-ts keeps in the tab. */
  async tokens(): Promise<{ access_token: string; refresh_token: string }> {
    return JSON.parse(await this.page.evaluate<string>(`sessionStorage.getItem(${KEPT})`));
  }

  /** Puts another access token in the place of the one that is kept, as if time had passed. */
  async keep(accessToken: string): Promise<void> {
    const kept = JSON.stringify({ ...(await this.tokens()), access_token: accessToken });
    await this.page.evaluate(`sessionStorage.setItem(${KEPT}, ${JSON.stringify(kept)})`);
  }
}

const KEPT = "Object.keys(sessionStorage).find((key) => key.startsWith('oidc.user:'))";
