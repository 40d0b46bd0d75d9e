import { randomBytes } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/postgresql';
import { ServerKey } from './server-key.entity.js';

/** The 32 secret bytes of that name; the first server to ask makes them. */
export async function serverKey(orm: MikroORM, name: string): Promise<Buffer> {
  const known = await orm.em.fork().findOne(ServerKey, { name });
  return Buffer.from((known ?? (await makeKey(orm, name))).secret, 'base64url');
}

/** Of several servers that start at once the first one's is everybody's. */
async function makeKey(orm: MikroORM, name: string): Promise<ServerKey> {
  const em = orm.em.fork();
  const own = em.create(
    ServerKey,
    { name, secret: randomBytes(32).toString('base64url') },
    { persist: false },
  );
  await em.upsert(ServerKey, own, { onConflictFields: ['name'], onConflictAction: 'ignore' });
  return orm.em.fork().findOneOrFail(ServerKey, { name });
}
