import type { AnonymousViewer, ClientViewer, PersonViewer, Viewer } from '../../auth/viewer.js';
import { builtOnce } from '../../request/per-request.js';
import type { Rule } from './rule.js';

/** Why a viewer is refused: not signed in, no person, or what the rule asks for and they lack. */
export type Lack = 'anonymous' | 'person' | 'role' | 'owner' | 'scope';

/** As much of a viewer as a rule looks at. */
export type Asker = AnonymousViewer | AskingPerson | AskingClient;
type AskingPerson = Pick<PersonViewer, 'kind' | 'roles' | 'scopes'>;
type AskingClient = Pick<ClientViewer, 'kind' | 'roles' | 'scopes'>;

/** What a rule comes to for a viewer before any object is looked at. */
export type Standing =
  | { readonly kind: 'passes' }
  | { readonly kind: 'refused'; readonly lack: Lack }
  /** They pass where the object is theirs; `lack` is what they are told where it is not. */
  | { readonly kind: 'own'; readonly lack: Lack };

const PASSES: Standing = { kind: 'passes' };

const standings = builtOnce((_viewer: Asker) => new Map<Rule, Standing>());

/** Decided once for each rule and viewer, so that the rows of a list cost nothing more. */
export function standingOf(rule: Rule, viewer: Asker): Standing {
  const known = standings(viewer);
  const standing = known.get(rule) ?? standingFor(rule, viewer);
  known.set(rule, standing);
  return standing;
}

/** What the viewer lacks to pass; undefined lets them pass. `owns` is asked only where it matters. */
export function lackOf(rule: Rule, viewer: Asker, owns: () => boolean): Lack | undefined {
  const standing = standingOf(rule, viewer);
  if (standing.kind === 'passes') return undefined;
  if (standing.kind === 'own' && owns()) return undefined;
  return standing.lack;
}

/** Whether the value of a `self` argument names the viewer: by the id, in either case (RFC 9562, section 4), or by the subject. */
export function isSelf(value: unknown, viewer: Viewer): boolean {
  if (viewer.kind !== 'person' || typeof value !== 'string') return false;
  return value.toLowerCase() === viewer.userId || value === viewer.token.subject;
}

function standingFor(rule: Rule, viewer: Asker): Standing {
  switch (viewer.kind) {
    case 'anonymous':
      return { kind: 'refused', lack: 'anonymous' };
    case 'client':
      return clientStanding(rule, viewer);
    case 'person':
      return personStanding(rule, viewer);
  }
}

/** For people scopes never grant, they only narrow. */
function personStanding(rule: Rule, viewer: AskingPerson): Standing {
  if (rule.scopes.length > 0 && !hasScopes(rule, viewer)) return { kind: 'refused', lack: 'scope' };
  const mayOwn = rule.owner || rule.self !== undefined;
  if (hasRole(rule, viewer) || (rule.roles.length === 0 && !mayOwn)) return PASSES;
  const lack = rule.roles.length > 0 ? 'role' : 'owner';
  return { kind: mayOwn ? 'own' : 'refused', lack };
}

/** A machine client is nobody's owner: it passes by what the rule names, never by what it leaves open. */
function clientStanding(rule: Rule, viewer: AskingClient): Standing {
  if (rule.clients || hasRole(rule, viewer) || hasScopes(rule, viewer)) return PASSES;
  if (rule.scopes.length > 0) return { kind: 'refused', lack: 'scope' };
  return { kind: 'refused', lack: rule.roles.length > 0 ? 'role' : 'person' };
}

function hasRole(rule: Rule, { roles }: AskingPerson | AskingClient): boolean {
  return rule.roles.some((role) => roles.has(role));
}

function hasScopes(rule: Rule, { scopes }: AskingPerson | AskingClient): boolean {
  return rule.scopes.some((set) => set.every((scope) => scopes.has(scope)));
}
