import type { GraphQLSchema } from 'graphql';
import { Role } from '../auth/role.js';
import { ANONYMOUS } from '../auth/viewer.js';
import type { Asker } from './authorization/decide.js';
import { elementsOf, type SchemaElement } from './authorization/elements.js';
import { answersWithOwn } from './authorization/own-rows.js';
import { type Reach, reachOf } from './authorization/reach.js';
import { requirementOf } from './authorization/requirement.js';
import { rulesOf } from './authorization/schema-rules.js';

/** What becomes of asking; `own`: the viewer may ask, and is answered with what is their own alone. */
export type Access = Reach | 'own';

/**
 * Who asks. `person`: signed in, no role, another's object. `owner`: the same for their own object. A
 * role: a person with that role alone, another's object. `client`: a machine client that no rule names.
 */
export type ViewerClass = 'anonymous' | 'person' | 'owner' | `${Role}` | 'client';

type RowKind = Exclude<SchemaElement['kind'], 'object type' | 'other type'>;

export interface AccessRow {
  /** A schema coordinate, such as `User.account`. */
  readonly coordinate: string;
  readonly kind: RowKind;
  /** The rule in plain words; for a field the object's rule and its own. */
  readonly rule: string;
  readonly access: Readonly<Record<ViewerClass, Access>>;
}

/** From the least to the most powerful, machine clients last. */
export const VIEWER_CLASSES: readonly ViewerClass[] = [
  'anonymous',
  'person',
  'owner',
  ...Object.values(Role).reverse(),
  'client',
];

const KINDS: readonly RowKind[] = ['operation', 'field', 'argument', 'input field', 'enum value'];

/**
 * Every operation, and everything guarded that some operation leads to, by who may. People are taken to
 * hold every scope that a rule names, since for them scopes only narrow; the machine client holds none.
 */
export function accessMatrix(schema: GraphQLSchema): readonly AccessRow[] {
  const scopes = scopesNamedIn(schema);
  const reaches = VIEWER_CLASSES.map((viewerClass) => {
    const viewer = viewerOf(viewerClass, scopes);
    const owns = viewerClass === 'owner';
    return { viewerClass, viewer, owns, reach: reachOf(schema, { viewer, owns }) };
  });
  return [...elementsOf(schema)]
    .flatMap((element): readonly AccessRow[] => {
      const { coordinate, kind } = element;
      if (kind === 'object type' || kind === 'other type') return [];
      const rule = ruleOf(element, schema);
      const cells = reaches.flatMap(({ viewerClass, viewer, owns, reach }) => {
        const access = reach.get(coordinate);
        if (access === undefined) return [];
        const isOwn =
          kind === 'operation' &&
          access === 'yes' &&
          !owns &&
          answersWithOwn(element.element.type, viewer, schema);
        return [[viewerClass, isOwn ? 'own' : access] as const];
      });
      if (rule === undefined || cells.length === 0) return [];
      return [{ coordinate, kind, rule, access: accessOf(cells) }];
    })
    .sort(byKindAndCoordinate);
}

/** The matrix as a Markdown page, one table for each kind of thing. */
export function printAccessMatrix(rows: readonly AccessRow[]): string {
  const tables = KINDS.flatMap((kind) => {
    const ofKind = rows.filter((row) => row.kind === kind);
    return ofKind.length === 0 ? [] : [`## By ${kind}\n\n${tableOf(ofKind)}`];
  });
  return [PREFACE, ...tables].join('\n\n').concat('\n');
}

const PREFACE = `# Who may do what

Generated from the rules of the schema, and executed as a test; do not edit.

\`person\`: signed in, without a role, asking about somebody else. \`owner\`: the same, asking about themselves.
A role: a person with that role alone, asking about somebody else. \`client\`: a machine client that no rule names.
\`yes\`: answered, though what is found has rules of its own. \`own\`: answered with what is one's own alone, so that
somebody else's is not found. \`no\`: refused, or not found. \`null\`: null without an error.`;

function tableOf(rows: readonly AccessRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...VIEWER_CLASSES, 'requires']),
    line(['---', ...VIEWER_CLASSES.map(() => '---'), '---']),
    ...rows.map(({ coordinate, access, rule }) =>
      line([
        `\`${coordinate}\``,
        ...VIEWER_CLASSES.map((viewerClass) => access[viewerClass]),
        rule.replaceAll('|', '\\|').replaceAll('\n', ' '),
      ]),
    ),
  ].join('\n');
}

/** Undefined where nothing guards it and nothing has to: it is no row. */
function ruleOf(element: SchemaElement, schema: GraphQLSchema): string | undefined {
  const { authorized, public: open } = rulesOf(schema);
  const guards = element.kind === 'field' ? [element.parent.name] : [];
  const rules = [...guards, element.coordinate]
    .map((coordinate) => authorized.get(coordinate))
    .filter((rule) => rule !== undefined)
    .map(requirementOf);
  if (rules.length > 0) return [...new Set(rules)].join('; and of the field: ');
  const reason = element.kind === 'operation' ? open.get(element.coordinate) : undefined;
  return reason === undefined ? undefined : `public: ${reason}`;
}

function accessOf(cells: readonly (readonly [ViewerClass, Access])[]) {
  // Every viewer walks the same paths, so that what one of them meets has a cell for each.
  return Object.fromEntries(cells) as Record<ViewerClass, Access>;
}

function viewerOf(viewerClass: ViewerClass, scopes: ReadonlySet<string>): Asker {
  switch (viewerClass) {
    case 'anonymous':
      return ANONYMOUS;
    case 'client':
      return { kind: 'client', roles: new Set(), scopes: new Set() };
    default: {
      const roles = new Set(Object.values(Role).filter((role) => role === viewerClass));
      return { kind: 'person', roles, scopes };
    }
  }
}

/** Every scope that a rule of the schema names. */
export function scopesNamedIn(schema: GraphQLSchema): ReadonlySet<string> {
  const rules = [...rulesOf(schema).authorized.values()];
  return new Set(rules.flatMap(({ scopes }) => scopes.flat()));
}

function byKindAndCoordinate(a: AccessRow, b: AccessRow): number {
  const byKind = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  return byKind || (a.coordinate < b.coordinate ? -1 : 1);
}
