import { Command } from 'commander';
import { SERVER_VERSION } from '../version.js';
import { addGroupCommands, addUserCommands } from './back-office-commands.js';
import { endSignal } from './end-signal.js';
import type { NewEntityOptions } from './new-entity/new-entity.js';
import { FIELD_HELP } from './new-entity/parse-fields.js';
import type { SyncOptions } from './sync.js';

const program = new Command('lifeguard')
  .description('The commands of a Lifeguard server.')
  .version(SERVER_VERSION)
  .showHelpAfterError();

program
  .command('migrate')
  .description('apply the migrations that are due to the configured database')
  .action(async () => (await import('./migrate.js')).migrateDatabase(process.env));

program
  .command('sync')
  .option('--pool <id>', 'one pool alone')
  .description('walk through the user pools now, and show how far it is')
  .action(async (options: SyncOptions) => {
    const { signal, endedBy } = endSignal();
    const { syncPools } = await import('./sync.js');
    await syncPools(options, { environment: process.env, output: process.stdout, signal });
    process.exitCode = endedBy();
  });

const parts = { environment: process.env, terminal: process };
addUserCommands(program, parts);
addGroupCommands(program, parts);

program
  .command('token')
  .argument('<e-mail>', 'a seeded person, such as ada@example.com')
  .description('print an access token of a person of the local pool')
  .action(async (email: string) => (await import('./token.js')).printToken(email, process.env));

program
  .command('generate')
  .option('--check', 'change nothing; fail where a file is not current')
  .description('write the files that are made from the code: SDL, access matrix, environment')
  .action(async ({ check }: { check?: true }) =>
    (await import('./generate.js')).generate(check ? 'check' : 'write'),
  );

program
  .command('new')
  .description('begin something new')
  .command('entity')
  .argument('<name>', 'in the singular, such as OrderItem')
  .option('--fields <fields>', 'what it has, see below')
  .option(
    '--owner',
    'each row belongs to the person who made it; without an owner every signed-in person sees all rows',
  )
  .option(
    '--owner-through <relation>',
    'each row belongs to whoever has what this relation leads to',
  )
  .option('--plural <name>', 'where it is not the usual one, such as NewsItems')
  .option('--dry-run', 'write nothing; print the files')
  .description('write an entity: resolver, inputs, tests, migration, SDL and access matrix')
  .addHelpText('after', `\n${FIELD_HELP}`)
  .action(async (name: string, options: NewEntityOptions) => {
    const { newEntity } = await import('./new-entity/new-entity.js');
    await newEntity(name, options, process.stdout);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
