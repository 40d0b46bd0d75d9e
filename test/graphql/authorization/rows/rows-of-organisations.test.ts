import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EntityClass } from '@mikro-orm/core';
import { v7 } from 'uuid';
import { STAFF } from '../../../../src/auth/role.js';
import { User } from '../../../../src/directory/index.js';
import { Job } from '../../../../src/jobs/index.js';
import { companies } from '../../../planted/companies.js';
import { type Given, keepRow } from '../../../support/rows.js';
import { person } from '../viewers.js';
import { type PlantedDatabase, plantedDatabase } from './planted-database.js';

const [uma, liam] = [v7(), v7()];
const own = { roles: STAFF, owner: true };

let database: PlantedDatabase;
beforeAll(async () => {
  database = await plantedDatabase();
  const rules = { Cart: own, Line: own, Remark: own, Company: own, Employment: own };
  database.under({ ...rules, Project: own, Task: own, Club: own });
  const em = database.all();
  for (const id of [uma, liam]) em.create(User, { id });
  await em.flush();
});
afterAll(() => database.close());

/** Whether a person sees a row. */
async function sees(viewer: string, entity: EntityClass<object>, row: object): Promise<boolean> {
  const id: unknown = Reflect.get(row, 'id');
  return (await database.as(person(viewer)).em.count(entity, { id } as never)) === 1;
}

test.each(companies.map((entity) => [entity.name, entity] as const))(
  '%s: a test gets a row of whom it says, by the rule of the entity',
  async (_name, entity) => {
    const given: Given<object> = { owner: { id: uma } };
    const row = await keepRow<object>(database.orm, entity, given);
    expect([await sees(uma, entity, row), await sees(liam, entity, row)]).toEqual([true, false]);
  },
);

test('an entity without such a rule belongs to nobody', async () => {
  const kept = keepRow(database.orm, Job, { owner: { id: uma } });
  await expect(kept).rejects.toThrow('Job has no @Owner(), @Tenant() or @Members().');
});
