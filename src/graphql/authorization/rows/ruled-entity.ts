import type { EntityMetadata } from '@mikro-orm/core';
import type { GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { OnDenied } from '../../../auth/authorized.js';
import { ownerMark } from '../../../auth/owner.js';
import { type Role, STAFF } from '../../../auth/role.js';
import { membersMark, tenantMark } from '../../../auth/tenant.js';
import type { Viewer } from '../../../auth/viewer.js';
import { type Standing, standingOf } from '../decide.js';
import type { Fault } from '../faults.js';
import type { Rule } from '../rule.js';
import { rulesOf } from '../schema-rules.js';
import { isFault, pathsOf, type RowPath } from './row-path.js';

/** An entity whose rows are held back from those who may not see them. */
export interface RuledEntity {
  readonly meta: EntityMetadata;
  /** Who sees rows: the rule of the entity's object type. Undefined: everyone, it is public. */
  readonly reads: Rule | undefined;
  /** Who creates, changes and deletes them. */
  readonly writes: Rule;
  /** Each has to lead to the viewer where the rule comes down to whose row it is. */
  readonly paths: readonly RowPath[];
}

export type Access = 'read' | 'write';

const PASSES: Standing = { kind: 'passes' };

/** What a viewer may do with rows of the entity, before any row is looked at. */
export function rowStanding(entity: RuledEntity, viewer: Viewer, access: Access): Standing {
  if (access === 'write') return standingOf(entity.writes, viewer);
  return entity.reads === undefined ? PASSES : standingOf(entity.reads, viewer);
}

/** Whether the row tells by itself whose it is. */
export function isDirect({ paths }: RuledEntity): boolean {
  return paths.length === 1 && paths[0]?.decorator === '@Owner()' && paths[0].among === undefined;
}

/** The entity with its rules, or what keeps them from being resolved. */
export function ruledEntity(
  meta: EntityMetadata,
  schema: GraphQLSchema,
): RuledEntity | readonly Fault[] {
  const paths = pathsOf(meta);
  const reads = readRule(meta, schema);
  const faults = [...paths.filter(isFault), ...faultsOfTenant(meta, reads)];
  if (faults.length > 0) return faults;
  const resolved = paths.filter((path): path is RowPath => !isFault(path));
  return { meta, reads, writes: writeRule(meta, reads), paths: resolved };
}

/** What is shown to nobody, or by no rule, is as private as it can be. */
const PRIVATE: Rule = {
  roles: STAFF,
  scopes: [],
  owner: true,
  self: undefined,
  clients: false,
  onDenied: OnDenied.ERROR,
};

function readRule(meta: EntityMetadata, schema: GraphQLSchema): Rule | undefined {
  const { authorized, public: open } = rulesOf(schema);
  const names = getMetadataStorage()
    .objectTypes.filter(({ target }) => target === meta.class)
    .map(({ name }) => name);
  const rule = names.map((name) => authorized.get(name)).find((found) => found !== undefined);
  if (rule !== undefined) return rule;
  return names.some((name) => open.has(name)) ? undefined : PRIVATE;
}

/** To see other people's rows is not to change them: that takes staff, or a role that is named for it. */
function writeRule(meta: EntityMetadata, reads: Rule = PRIVATE): Rule {
  const named = marksOf(meta).find(({ options }) => options.write !== undefined)?.options.write;
  const roles: readonly Role[] = named ?? reads.roles.filter((role) => STAFF.includes(role));
  return { ...PRIVATE, roles, scopes: reads.scopes };
}

export function marksOf({ prototype }: EntityMetadata) {
  return [ownerMark(prototype), tenantMark(prototype), membersMark(prototype)].filter(
    (mark) => mark !== undefined,
  );
}

function faultsOfTenant(meta: EntityMetadata, rule: Rule | undefined): readonly Fault[] {
  const isTenanted = tenantMark(meta.prototype) ?? membersMark(meta.prototype);
  if (isTenanted === undefined || rule?.owner) return [];
  if (rule !== undefined && rule.roles.length + rule.scopes.length > 0) return [];
  return [
    {
      coordinate: meta.className,
      problem: 'it belongs to an organisation, yet its rule lets everyone see every row',
      remedy: 'Write `@Authorized({ roles: [...STAFF], owner: true })` on the type',
    },
  ];
}
