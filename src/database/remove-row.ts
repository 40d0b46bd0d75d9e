import { ForeignKeyConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ConflictError } from '../errors.js';
import type { BaseEntity } from './base-entity.js';

/** Deletes a row. @throws ConflictError where rows that stay still lead to it */
export async function removeRow(em: EntityManager, row: BaseEntity): Promise<void> {
  try {
    await em.remove(row).flush();
  } catch (error) {
    if (!(error instanceof ForeignKeyConstraintViolationException)) throw error;
    throw new ConflictError('Other rows still lead to it.', {
      reason: 'referenced',
      hint: 'Delete those first, or have them lead to something else.',
      cause: error,
    });
  }
}
