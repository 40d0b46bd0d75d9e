import type { EntityManager } from '@mikro-orm/postgresql';
import type { AuthorizedRule } from '../../../../src/auth/authorized.js';
import { STAFF } from '../../../../src/auth/role.js';
import type { Viewer } from '../../../../src/auth/viewer.js';
import type { BaseEntity } from '../../../../src/database/base-entity.js';
import {
  Cart,
  Club,
  Company,
  Employment,
  Line,
  Project,
  Remark,
  Task,
} from '../../../planted/companies.js';

export const TAGS = ['a', 'b', 'c'];

export type PlantedName =
  | 'Cart'
  | 'Line'
  | 'Remark'
  | 'Company'
  | 'Employment'
  | 'Project'
  | 'Task'
  | 'Club';

interface Planted {
  readonly entity: new () => BaseEntity & { tag: string };
  readonly users: (row: Row, rows: Rows) => readonly (string | undefined)[];
}

/** By name: the class, and whom a row belongs to by plain JavaScript. */
export const PLANTED: Readonly<Record<PlantedName, Planted>> = {
  Cart: { entity: Cart, users: (row: Row) => [row.user] },
  Line: { entity: Line, users: (row: Row, rows: Rows) => of('Cart', row.cart, rows) },
  Remark: { entity: Remark, users: (row: Row, rows: Rows) => of('Line', row.line, rows) },
  Company: {
    entity: Company,
    users: (row: Row, rows: Rows) =>
      rows.Employment.filter(({ company }) => company === row.id).map(({ user }) => user),
  },
  Employment: {
    entity: Employment,
    users: (row: Row, rows: Rows) => of('Company', row.company, rows),
  },
  Project: { entity: Project, users: (row: Row, rows: Rows) => of('Company', row.company, rows) },
  Task: {
    entity: Task,
    users: (row: Row, rows: Rows) =>
      of('Project', row.project, rows).filter((user) => user === row.user),
  },
  Club: { entity: Club, users: (row: Row) => row.members ?? [] },
};

export interface Row {
  readonly id: string;
  readonly tag: string;
  readonly user?: string;
  readonly cart?: string;
  readonly line?: string;
  readonly company?: string;
  readonly project?: string;
  readonly members?: readonly string[];
}

export type Rows = Readonly<Record<PlantedName, readonly Row[]>>;

export const names = Object.keys(PLANTED) as PlantedName[];

export function entityOf(name: PlantedName): new () => BaseEntity & { tag: string } {
  return PLANTED[name].entity;
}

/** Whom a row belongs to. */
export function usersOf(name: PlantedName, row: Row, rows: Rows): readonly (string | undefined)[] {
  return PLANTED[name].users(row, rows);
}

function of(
  name: PlantedName,
  id: string | undefined,
  rows: Rows,
): readonly (string | undefined)[] {
  const row = rows[name].find((one) => one.id === id);
  return row === undefined ? [] : usersOf(name, row, rows);
}

/** What the rule says, written down once more, as plainly as can be. */
export function naivelyVisible(
  name: PlantedName,
  row: Row,
  rows: Rows,
  rule: AuthorizedRule,
  viewer: Viewer,
): boolean {
  if (viewer.kind === 'anonymous') return false;
  const hasRole = (rule.roles ?? []).some((role) => viewer.roles.has(role));
  const hasScope = (rule.scopes ?? []).some((set) => set.every((one) => viewer.scopes.has(one)));
  if (viewer.kind === 'client') return Boolean(rule.clients) || hasRole || hasScope;
  if (rule.scopes !== undefined && !hasScope) return false;
  if (hasRole) return true;
  if (rule.owner) return usersOf(name, row, rows).includes(viewer.userId);
  return rule.roles === undefined;
}

/** To change and delete takes staff, a scope, or a row of one's own. */
export function naivelyWritable(
  name: PlantedName,
  row: Row,
  rows: Rows,
  rule: AuthorizedRule,
  viewer: Viewer,
): boolean {
  const roles = (rule.roles ?? []).filter((role) => STAFF.includes(role));
  const { scopes } = rule;
  const writes = { roles, owner: true, ...(scopes && { scopes }) };
  return naivelyVisible(name, row, rows, writes, viewer);
}

export async function plant(em: EntityManager, rows: Rows): Promise<void> {
  for (const name of names) {
    for (const { members = [], ...row } of rows[name]) {
      const created = em.create(entityOf(name), row as never);
      if (created instanceof Club)
        for (const id of members)
          created.members.add(em.getReference('User' as never, id as never));
    }
  }
  await em.flush();
}
