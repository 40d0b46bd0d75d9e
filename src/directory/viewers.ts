import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccessToken } from '../auth/access-token.js';
import { rolesOf } from '../auth/role-rules.js';
import type { Viewer } from '../auth/viewer.js';
import type { App } from '../request/app.js';
import { provisioningOf } from './provisioning.js';

/** Makes the viewer of each request, with the entity manager that has loaded their user. */
export class Viewers {
  readonly #app: App;
  readonly #entityManagers = new WeakMap<Viewer, EntityManager>();

  constructor(app: App) {
    this.#app = app;
  }

  async viewerOf(token: AccessToken): Promise<Viewer> {
    const { roleGroups, roleScopes } = this.#app.config;
    const roles = rolesOf(token, { groups: roleGroups, scopes: roleScopes });
    const scopes = new Set(token.scopes);
    if (token.kind === 'client') return { kind: 'client', token, roles, scopes };
    const em = this.#app.orm.em.fork();
    const { user } = await provisioningOf(this.#app).identityOf(token, em);
    const viewer: Viewer = { kind: 'person', token, roles, scopes, userId: user.id };
    this.#entityManagers.set(viewer, em);
    return viewer;
  }

  entityManagerOf(viewer: Viewer): EntityManager {
    return this.#entityManagers.get(viewer) ?? this.#app.orm.em.fork();
  }
}
