import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccessToken } from '../auth/access-token.js';
import { type Entitlements, entitlementsOf } from '../auth/entitlements.js';
import { refuseEnded } from '../auth/revocation.js';
import { rolesOf } from '../auth/role-rules.js';
import type { PersonViewer, Viewer } from '../auth/viewer.js';
import { entityOfData, looseEntityOfData } from '../database/entity-of-row.js';
import { OF_REQUEST } from '../database/orm-options.js';
import { seeAs } from '../database/row-view.js';
import type { App } from '../request/app.js';
import type { Origin } from '../request/context.js';
import { perApp } from '../request/per-app.js';
import { groupCheckOf } from './group-check.js';
import { provisioningOf } from './provisioning.js';
import { SEEN_PRECISION, sightingsOf } from './sightings.js';
import type { SignIn } from './sign-in.js';
import { User } from './user.entity.js';
import { viewerMemoryOf } from './viewer-memory.js';

/** Makes the viewer of each request, and the entity manager that they look through. */
export const viewersOf = perApp((app) => new Viewers(app));

class Viewers {
  readonly #app: App;
  readonly #signIns = new WeakMap<Viewer, SignIn>();
  readonly #decided = new WeakMap<
    AccessToken,
    { readonly signIn: SignIn; readonly entitlements: Entitlements }
  >();

  constructor(app: App) {
    this.#app = app;
  }

  /**
   * Who a token stands for: no statement for a sign-in that is remembered, one otherwise.
   * @throws UnauthenticatedError where the person was disabled, deleted or signed out since the token's issue.
   * @throws ForbiddenError for an unknown subject under `USER_PROVISIONING=deny`.
   */
  async viewerOf(token: AccessToken, from: Origin): Promise<Viewer> {
    if (token.kind === 'client') {
      const scopes = new Set(token.scopes);
      return { kind: 'client', token, scopes, roles: rolesOf(token, this.#rules) };
    }
    const signIn = viewerMemoryOf(this.#app).recall(token) ?? (await this.#learn(token));
    refuseEnded(signIn, token);
    this.#noteSeen(token, signIn, from);
    const known = this.#entitlementsOf(token, signIn);
    const { roles, tokenStale } = known.isOpen ? await this.#settled(token, signIn, known) : known;
    const { userId } = signIn;
    const scopes = new Set(token.scopes);
    const viewer: PersonViewer = { kind: 'person', token, roles, scopes, userId, tokenStale };
    this.#signIns.set(viewer, signIn);
    return viewer;
  }

  /** A new one, which has loaded the viewer's user; what it finds is what the viewer may see. */
  entityManagerOf(viewer: Viewer): EntityManager {
    const em = this.#app.orm.em.fork();
    em.setLoggerContext(OF_REQUEST);
    seeAs(em, viewer);
    const signIn = this.#signIns.get(viewer);
    if (signIn !== undefined) entityOfData(em, User, signIn.user);
    return em;
  }

  /** The viewer's own user, as `looseEntityOfRow` makes one: to ask for nobody else needs no entity manager. */
  userOf(viewer: PersonViewer): User {
    const signIn = this.#signIns.get(viewer);
    if (signIn === undefined) throw new Error('This viewer came without a token.');
    return looseEntityOfData(this.#app.orm.em, User, signIn.user);
  }

  get #rules() {
    const { roleGroups: groups, roleScopes: scopes } = this.#app.config;
    return { groups, scopes };
  }

  #learn(token: AccessToken): Promise<SignIn> {
    return viewerMemoryOf(this.#app).learn(
      token,
      () => this.#look(token),
      // What a look at the pool may settle any moment is looked up until then.
      (signIn) => !this.#entitlementsOf(token, signIn).isOpen,
    );
  }

  /** Who claims a role that the mirror withholds waits until the pool has been asked, for as long as for a profile. */
  async #settled(token: AccessToken, signIn: SignIn, open: Entitlements): Promise<Entitlements> {
    const asked = groupCheckOf(this.#app).ask(signIn.identityId);
    if (asked === undefined || !open.isWithheld) return open;
    await Promise.race([
      asked,
      sleep(this.#app.config.profileReadBudget, undefined, { ref: false }),
    ]);
    const known = await this.#look(token);
    refuseEnded(known, token);
    return this.#entitlementsOf(token, known);
  }

  #look(token: AccessToken): Promise<SignIn> {
    return provisioningOf(this.#app).signInOf(token, this.#app.orm.em.fork());
  }

  /** Decided once for a token that comes again, as long as its sign-in is the same. */
  #entitlementsOf(token: AccessToken, signIn: SignIn): Entitlements {
    const known = this.#decided.get(token);
    if (known?.signIn === signIn) return known.entitlements;
    const entitlements = this.#decide(token, signIn);
    this.#decided.set(token, { signIn, entitlements });
    return entitlements;
  }

  #decide(token: AccessToken, signIn: SignIn): Entitlements {
    if (this.#app.config.entitlements === 'live') return entitlementsOf(token, signIn, this.#rules);
    return {
      roles: rolesOf(token, this.#rules),
      tokenStale: false,
      isOpen: false,
      isWithheld: false,
    };
  }

  #noteSeen(token: AccessToken, signIn: SignIn, from: Origin): void {
    const seenAt = Date.now();
    if (signIn.seenAt !== null && seenAt - signIn.seenAt < SEEN_PRECISION) return;
    sightingsOf(this.#app).note({ token, signIn, from, seenAt });
    viewerMemoryOf(this.#app).seen(token, seenAt);
  }
}
