import type { EntityManager } from '@mikro-orm/postgresql';
import { validate } from 'uuid';
import { StartError } from '../start-error.js';

/**
 * The id of the user that an operator means, by id, e-mail address or user name.
 * @throws StartError where there is none or more than one
 */
export async function findUser(em: EntityManager, who: string): Promise<string> {
  const found = await em.execute<{ id: string }[]>(
    `select distinct identity.user_id as id
     from identity left join pool_profile on pool_profile.identity_id = identity.id
     where identity.deleted_at is null
       and (identity.user_id = ?::uuid or identity.username = ?
         or lower(pool_profile.attributes->>'email') = lower(?))`,
    [validate(who) ? who : null, who, who],
  );
  const [only] = found;
  if (only === undefined)
    throw new StartError(
      `There is no user ${who}. Give an id, an e-mail address or a user name; \`lifeguard sync\` reads the pools first.`,
    );
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new StartError(`${found.length} users are meant by ${who}. Give the id of one: ${ids}.`);
  }
  return only.id;
}
