import type { Viewer } from '../../../auth/viewer.js';
import { BadUserInputError, ForbiddenError, UnauthenticatedError } from '../../../errors.js';
import type { Lack } from '../decide.js';
import { marksOf, type RuledEntity } from './ruled-entity.js';

/** @throws UnauthenticatedError for nobody, ForbiddenError */
export function refuseWrite(lack: Lack): never {
  if (lack === 'anonymous') throw new UnauthenticatedError('Sign in to do this.');
  throw new ForbiddenError('You are not allowed to do this.', { reason: lack });
}

/** @throws ForbiddenError */
export function refuseOthers(): never {
  throw new ForbiddenError('It would belong to somebody else.', {
    reason: 'owner',
    hint: 'Only the person it belongs to may.',
  });
}

/** @throws BadUserInputError */
export function refuseOwnerless(entity: RuledEntity): never {
  throw new BadUserInputError(`The ${entity.meta.className} needs an owner.`, {
    reason: 'owner',
    hint: 'Say whose it is: a machine client owns nothing.',
  });
}

/**
 * Whose a row is stays as it is, unless the decorator names a role that may change it.
 * @param changed properties or columns
 * @throws ForbiddenError
 */
export function refuseReassigning(
  entity: RuledEntity,
  viewer: Viewer,
  changed: readonly string[],
): void {
  for (const { property: name, options } of marksOf(entity.meta)) {
    const property = entity.meta.props.find((one) => one.name === name);
    if (property === undefined) continue;
    if (![property.name, ...(property.fieldNames ?? [])].some((one) => changed.includes(one)))
      continue;
    if (viewer.kind !== 'anonymous' && options.reassign?.some((role) => viewer.roles.has(role)))
      continue;
    throw new ForbiddenError('Whose it is cannot be changed.', {
      reason: 'owner',
      hint: 'Make a new one instead, or have somebody do it who may.',
    });
  }
}
