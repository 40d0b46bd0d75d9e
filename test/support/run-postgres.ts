import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { startPostgres } from './postgres-server.js';

/** A PostgreSQL to try things with, until Ctrl-C; what it has kept goes with it. */
const folder = await mkdtemp(join(tmpdir(), 'lifeguard-postgres-'));
const { url, stop } = await startPostgres(folder, Number(process.env.PGPORT ?? 5432));
process.stdout.write(`${url}\nIt runs until Ctrl-C, and forgets all then.\n`);
closeWithGrace(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});
