import { randomBytes } from 'node:crypto';
import type { MikroORM } from '@mikro-orm/postgresql';
import { ServerKey } from './server-key.entity.js';

/** The 32 secret bytes of that name; the first server to ask makes them. */
export async function serverKey(orm: MikroORM, name: string): Promise<Buffer> {
  const em = orm.em.fork();
  const own = em.create(
    ServerKey,
    { name, secret: randomBytes(32).toString('base64url') },
    { persist: false },
  );
  await em.upsert(ServerKey, own, { onConflictFields: ['name'], onConflictAction: 'ignore' });
  const { secret } = await orm.em.fork().findOneOrFail(ServerKey, { name });
  return Buffer.from(secret, 'base64url');
}
