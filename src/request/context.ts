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

/** Opens the entity manager when it is first used: not every operation needs one. */
export class RequestContext implements Context {
  readonly requestId: string;
  readonly viewer: Viewer;
  readonly origin: Origin;
  readonly app: App;
  // No private fields: Apollo Server goes on with a copy.
  private readonly opening: (viewer: Viewer) => EntityManager;
  private opened: EntityManager | undefined;

  constructor(
    { requestId, viewer, origin, app }: Omit<Context, 'em'>,
    opening: (viewer: Viewer) => EntityManager,
  ) {
    this.requestId = requestId;
    this.viewer = viewer;
    this.origin = origin;
    this.app = app;
    this.opening = opening;
  }

  get em(): EntityManager {
    this.opened ??= this.opening(this.viewer);
    return this.opened;
  }
}
