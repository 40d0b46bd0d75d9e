import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { startPostgres } from './postgres-server.js';

/** A PostgreSQL to try things with, until Ctrl-C; what it has kept goes with it. */
const PGPORT = process.env.PGPORT || '5432';
if (!/^[1-9]\d{0,4}$/.test(PGPORT)) end(`PGPORT must be a port, and is ${PGPORT}.`);
const folder = await mkdtemp(join(tmpdir(), 'lifeguard-postgres-'));
const forget = () => rm(folder, { recursive: true, force: true });

try {
  const { url, stop } = await startPostgres(folder, Number(PGPORT));
  process.stdout.write(`${url}\nIt runs until Ctrl-C, and forgets all then.\n`);
  closeWithGrace(async () => {
    await stop();
    await forget();
  });
} catch (error) {
  await forget();
  end(error instanceof Error ? error.message : String(error));
}

function end(problem: string): never {
  process.stderr.write(
    `${problem}\nSet PGPORT to a port that is free; it was to run at ${PGPORT}.\n`,
  );
  process.exit(1);
}
