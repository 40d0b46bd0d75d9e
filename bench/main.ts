import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { withSection } from './results.js';
import { fromRoot } from './stage/root.js';
import { UsageError } from './subject.js';
import { subjects } from './subjects.js';

const RESULTS = fromRoot('bench/RESULTS.md');

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [named, ...args] = positionals;
  if (values.help) process.stdout.write(usage());
  else
    for (const name of named === undefined ? Object.keys(subjects) : [named])
      await measure(name, args, values.write);
} catch (error) {
  if (!(error instanceof UsageError) && !isParseError(error)) throw error;
  process.stderr.write(`${error.message}\n\n${usage()}`);
  process.exitCode = 1;
}

async function measure(name: string, args: readonly string[], write: boolean): Promise<void> {
  const subject = subjects[name];
  if (subject === undefined) throw new UsageError(`There is nothing to measure called ${name}.`);
  const text = await subject.run(args);
  process.stdout.write(`## ${subject.title}\n\n${text}\n`);
  if (!write) return;
  const titles = Object.values(subjects).map(({ title }) => title);
  const page = withSection(await readFile(RESULTS, 'utf8'), { title: subject.title, text }, titles);
  await writeFile(RESULTS, page);
}

function usage(): string {
  const lines = Object.entries(subjects).map(
    ([name, { title, usage = '' }]) => `  ${`${name} ${usage}`.padEnd(28)} ${title}`,
  );
  return `npm run bench -- [<subject>] [--write]   measures it, or everything; --write: into bench/RESULTS.md\n${lines.join('\n')}\n`;
}

function isParseError(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}
