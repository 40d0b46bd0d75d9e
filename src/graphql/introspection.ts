import type { BaseContext } from '@apollo/server';
import { BREAK, type DocumentNode, SchemaMetaFieldDef, TypeMetaFieldDef, visit } from 'graphql';
import type { Role } from '../auth/role.js';
import type { Viewer } from '../auth/viewer.js';
import { ForbiddenError, UnauthenticatedError } from '../errors.js';
import type { OperationHooks } from './operation-hooks.js';

/** Those of the root; `__typename` tells a client what it has, not what there is. */
const META_FIELDS: ReadonlySet<string> = new Set([SchemaMetaFieldDef.name, TypeMetaFieldDef.name]);

/** Refuses operations that ask for the schema to all but these roles, before anything of them executes. */
export function introspectionHooks<C extends BaseContext & { readonly viewer: Viewer }>(
  roles: readonly Role[],
): OperationHooks<C> {
  return {
    didResolveOperation({ document, contextValue: { viewer } }) {
      if (!asksForSchema(document)) return;
      const hint = `It is for ${roles.join(' and ')}: see INTROSPECTION.`;
      const details = { reason: 'introspection', hint };
      if (viewer.kind === 'anonymous')
        throw new UnauthenticatedError('Sign in to ask for the schema.', details);
      if (!roles.some((role) => viewer.roles.has(role)))
        throw new ForbiddenError('You may not ask for the schema.', details);
    },
  };
}

/** Apollo Server keeps documents that come again. */
const known = new WeakMap<DocumentNode, boolean>();

function asksForSchema(document: DocumentNode): boolean {
  const answer = known.get(document) ?? hasMetaField(document);
  known.set(document, answer);
  return answer;
}

/** In whatever operation or fragment: one that is not used makes no difference worth the search. */
function hasMetaField(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field({ name }) {
      found = META_FIELDS.has(name.value);
      return found ? BREAK : undefined;
    },
  });
  return found;
}
