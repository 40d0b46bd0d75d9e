import { Console } from 'node:console';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAgainAndAgain } from '../processes/killed-writes.js';
import { freePort } from '../support/free-port.js';
import { Processes } from '../support/process.js';
import { migrateTogether } from './migrate-together.js';
import { soak } from './soak.js';

/** Milliseconds between faults. */
const MINUTE = 60_000;

const setting = (name: string, fallback: number) => Number(process.env[name] ?? fallback);

const folder = await mkdtemp(join(tmpdir(), 'lifeguard-soak-'));
const processes = new Processes();
const wrong: string[] = [];
try {
  const kills = setting('SOAK_KILLS', 50);
  if (kills > 0) {
    const environment = {
      DATA_DIR: join(folder, 'killed'),
      LOCAL_POOL_PORT: String(await freePort()),
    };
    const { acknowledged } = await killAgainAndAgain(processes, environment, kills);
    process.stdout.write(`${kills} kills: ${acknowledged.size} writes acknowledged, none lost\n`);
    await processes.clear();
  }
  const migrations = setting('SOAK_MIGRATIONS', 20);
  if (migrations > 0) {
    await migrateTogether(processes, folder, migrations);
    process.stdout.write(`${migrations} times two migrated an empty database at once\n`);
  }
  const minutes = setting('SOAK_MINUTES', 15);
  if (minutes > 0) {
    const seen = await soak(processes, { folder: join(folder, 'pool'), minutes, every: MINUTE });
    const { table } = new Console(process.stdout);
    table(seen.faults);
    table(seen.overall);
    wrong.push(...seen.wrong);
  }
} catch (error) {
  wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await processes.clear();
  await rm(folder, { recursive: true, force: true });
}
for (const line of wrong) process.stderr.write(`${line}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
