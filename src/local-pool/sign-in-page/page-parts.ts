import type { Stores } from '../operation.js';
import type { AuthorizationCodeStore } from './authorization-code-store.js';
import type { BrowserSessionStore } from './browser-session-store.js';

/** What the sign-in page works with. */
export interface PageParts {
  readonly stores: Stores;
  readonly codes: AuthorizationCodeStore;
  readonly sessions: BrowserSessionStore;
}
