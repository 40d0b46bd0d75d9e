import { Console } from 'node:console';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { killAgainAndAgain } from '../processes/killed-writes.js';
import { freePort } from '../support/free-port.js';
import { Processes } from '../support/process.js';
import { migrateTogether } from './migrate-together.js';
import { soak } from './soak.js';

/** Milliseconds between faults. */
const MINUTE = 60_000;

const [KILLS, MIGRATIONS, MINUTES] = [50, 20, 15];

const HELP = `
Environment:
  SOAK_KILLS       how often the embedded server is killed; ${KILLS} by default, 0: not at all
  SOAK_MIGRATIONS  how often two processes migrate at once; ${MIGRATIONS} by default, 0: not at all
  SOAK_MINUTES     minutes of load; ${MINUTES} by default, 0: none

It makes what it needs in a folder of its own and deletes it. docs/faults.md tells the rest.`;

// Ends here where it is asked for help, or with an option that there is not.
new Command('soak')
  .description(
    `Kills an embedded server again and again, has processes migrate a database at once, and loads a server with a fault a minute.
Ends with 0 where no acknowledged write was lost, answers outside of faults were good, and nothing grew.`,
  )
  .addHelpText('after', HELP)
  .showHelpAfterError()
  .parse();

const setting = (name: string, fallback: number) => Number(process.env[name] ?? fallback);

const folder = await mkdtemp(join(tmpdir(), 'lifeguard-soak-'));
const processes = new Processes();
const wrong: string[] = [];
try {
  const kills = setting('SOAK_KILLS', KILLS);
  if (kills > 0) {
    const environment = {
      DATA_DIR: join(folder, 'killed'),
      LOCAL_POOL_PORT: String(await freePort()),
    };
    const { acknowledged } = await killAgainAndAgain(processes, environment, kills);
    process.stdout.write(`${kills} kills: ${acknowledged.size} writes acknowledged, none lost\n`);
    await processes.clear();
  }
  const migrations = setting('SOAK_MIGRATIONS', MIGRATIONS);
  if (migrations > 0) {
    await migrateTogether(processes, folder, migrations);
    process.stdout.write(`${migrations} times two migrated an empty database at once\n`);
  }
  const minutes = setting('SOAK_MINUTES', MINUTES);
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
