#!/usr/bin/env node
import { Command } from 'commander';
import { topics } from './checks/index.js';
import { nameOf, textOf } from './difference.js';
import { PoolUnderTest } from './pool-under-test.js';
import { listOf, reportOf, summaryOf } from './report.js';
import { type Result, runChecks } from './run-checks.js';
import { targetFrom } from './target.js';

interface Options {
  readonly list?: true;
  readonly all?: true;
  readonly only?: string;
}

const HELP = `
Environment:
  CONFORMANCE_ENDPOINT  the API of an implementation, such as http://127.0.0.1:4001
  CONFORMANCE_ISSUER    what its tokens' issuers begin with, where that is not the endpoint
  CONFORMANCE_REGION    without an endpoint: Amazon Cognito in this region, by the usual AWS credentials

It makes user pools of its own and deletes them. Ends with 1 where there is a difference.`;

const program = new Command('conformance')
  .description('Checks an implementation of Cognito user pools against what AWS documents.')
  .option('--list', 'print the checks with their sources, and run none')
  .option('--only <text>', 'run the checks whose topic or name contains this')
  .option('--all', 'print the checks that find no difference as well')
  .addHelpText('after', HELP)
  .showHelpAfterError()
  .action(run);

async function run({ list, all, only = '' }: Options): Promise<void> {
  const chosen = topics.map(({ name: topic, checks }) => ({
    name: topic,
    checks: checks.filter(({ name }) => `${topic}: ${name}`.includes(only)),
  }));
  if (list) return print(listOf(chosen.filter(({ checks }) => checks.length > 0)));
  const target = await targetFrom(process.env);
  const pool = new PoolUnderTest(target);
  const results: Result[] = [];
  try {
    for await (const result of runChecks(chosen, pool)) {
      results.push(result);
      if (all || result.outcome.kind === 'different') print(reportOf(result));
    }
  } finally {
    await pool.dispose();
    target.cognito.destroy();
  }
  print(`\n${target.endpoint}\n${summaryOf(results)}`);
  if (results.some(({ outcome }) => outcome.kind === 'different')) process.exitCode = 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${nameOf(error)}: ${textOf(error)}\n`);
  process.exitCode = 2;
}
