import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '../auth/viewer.js';
import type { App } from './app.js';

/** Where a request came from. */
export interface Origin {
  readonly ip: string;
  readonly userAgent: string | undefined;
}

/** What one request knows. What a feature needs besides is built by `perRequest` or `perApp`. */
export interface Context {
  /** Names the request in logs and errors. */
  readonly requestId: string;
  readonly viewer: Viewer;
  readonly origin: Origin;
  /** The request's own identity map; resolvers of queries never flush it. */
  readonly em: EntityManager;
  readonly app: App;
}
