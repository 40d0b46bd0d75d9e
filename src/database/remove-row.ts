import { DriverException, ForeignKeyConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ConflictError } from '../errors.js';
import type { BaseEntity } from './base-entity.js';

/** Deletes a row. @throws ConflictError where rows that stay still lead to it */
export async function removeRow(em: EntityManager, row: BaseEntity): Promise<void> {
  try {
    await em.remove(row).flush();
  } catch (error) {
    if (!isHeldByOthers(error)) throw error;
    throw new ConflictError('Other rows still lead to it.', {
      reason: 'referenced',
      hint: 'Delete those first, or have them lead to something else.',
      cause: error,
    });
  }
}

/** From PostgreSQL 18 on `on delete restrict` has a SQLSTATE of its own, which MikroORM (7.2) has no exception for. */
function isHeldByOthers(error: unknown): boolean {
  if (error instanceof ForeignKeyConstraintViolationException) return true;
  return error instanceof DriverException && error.code === RESTRICT_VIOLATION;
}

const RESTRICT_VIOLATION = '23001';
