import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readConfig } from '../../config.js';
import { refuseHeldFolder } from '../../database/folder-lock.js';
import { databaseLocation } from '../../database/location.js';
import { ROOT } from '../../root.js';
import { faultsOf, faultsOfNoField } from './check-spec.js';
import type { EntitySpec, FieldSpec, Ownership } from './entity-spec.js';
import { withFeature } from './features-file.js';
import { filesOf } from './files.js';
import { formatted } from './format.js';
import { camel, kebab, plural, tableName } from './names.js';
import { type Fault, isFault, parseFields } from './parse-fields.js';
import { readProject } from './project.js';

export interface NewEntityOptions {
  readonly fields?: string;
  readonly owner?: true;
  readonly ownerThrough?: string;
  readonly plural?: string;
  readonly dryRun?: true;
}

const FEATURES = 'src/features.ts';
const NOBODYS =
  'Every signed-in person sees all rows, and staff writes them: for other rules see docs/row-rules.md.\n';
const run = promisify(execFile);

/**
 * Writes an entity with all that belongs to it.
 * @throws Error that lists everything in the way, before anything is written; or says what was written, and how to go on
 */
export async function newEntity(
  name: string,
  options: NewEntityOptions,
  output: NodeJS.WritableStream,
): Promise<void> {
  const parsed = parseFields(options.fields ?? '');
  const badFields = parsed.filter(isFault);
  const spec: EntitySpec = {
    name,
    plural: options.plural ?? plural(name),
    table: tableName(name),
    fields: parsed.filter((field): field is FieldSpec => !isFault(field)),
    ownership: ownershipOf(options),
  };
  const project = await readProject(ROOT);
  const faults = [
    ...(badFields.length > 0 ? badFields : faultsOfNoField(spec.fields)),
    ...faultsOfOptions(options),
    ...(await faultsOf(spec, project)),
  ];
  if (faults.length > 0) throw new RefusedEntityError(name, faults);

  const feature = [camel(spec.plural), kebab(spec.plural)] as const;
  const features = withFeature(await readFile(new URL(FEATURES, ROOT), 'utf8'), ...feature);
  const rule = spec.ownership.kind === 'nobody' ? NOBODYS : '';
  const files = await formatted({ ...filesOf(spec, project), [FEATURES]: features }, ROOT);
  if (options.dryRun) {
    for (const [path, content] of Object.entries(files)) output.write(`--- ${path}\n${content}\n`);
    output.write(
      `${rule}Nothing was written. A migration, the SDL and the access matrix would follow.\n`,
    );
    return;
  }
  await refuseHeldDatabase();
  const { [FEATURES]: list = features, ...own } = files;
  for (const [path, content] of Object.entries(own)) await write(path, content);
  // Where new files and the one that imports them come at once, the compiler (7.0.2) checks everything anew, in three
  // times as long. What it has to say is said below.
  await run('npm', ['exec', '--', 'tsc', '-b'], { cwd: ROOT }).catch(() => undefined);
  await write(FEATURES, list);
  const written = Object.keys(files).map((path) => `  ${path}`);
  output.write(`Written:\n${written.join('\n')}\n`);
  for (const script of ['migration', 'generate']) await follow(script, output);
  output.write(
    `${rule}Done. See what you opened, and to whom: git diff schema/. Then: npm run check && npm test\n`,
  );
}

function ownershipOf({ owner, ownerThrough }: NewEntityOptions): Ownership {
  if (ownerThrough !== undefined) return { kind: 'through', relation: ownerThrough };
  return { kind: owner ? 'person' : 'nobody' };
}

function faultsOfOptions({ owner, ownerThrough }: NewEntityOptions): readonly Fault[] {
  if (!owner || ownerThrough === undefined) return [];
  return [{ problem: '--owner and --owner-through exclude each other', remedy: 'Leave one out' }];
}

/** The migration cannot be made while a server holds the embedded database: better said before than after. */
async function refuseHeldDatabase(): Promise<void> {
  const location = databaseLocation(readConfig(process.env));
  if ('folder' in location) await refuseHeldFolder(resolve(fileURLToPath(ROOT), location.folder));
}

async function write(path: string, content: string): Promise<void> {
  const url = new URL(path, ROOT);
  await mkdir(dirname(fileURLToPath(url)), { recursive: true });
  await writeFile(url, content);
}

/** What follows from the entity, made by a process that has it. */
async function follow(script: string, output: NodeJS.WritableStream): Promise<void> {
  output.write(`npm run ${script}\n`);
  try {
    await run('npm', ['run', '-s', script], { cwd: ROOT });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(
      `The files above are written; \`npm run ${script}\` failed:\n${stdout}${stderr}
Mend that, then go on with: npm run migration (if there is no migration yet) && npm run generate
Or take it back: take its two lines out of src/features.ts, and delete the other files above.`,
      { cause: error },
    );
  }
}

class RefusedEntityError extends Error {
  constructor(name: string, faults: readonly Fault[]) {
    const lines = faults.map(({ problem, remedy }) => `  - ${problem}. ${remedy}.`);
    super(`${name} was not made, and nothing was written:\n${lines.join('\n')}`);
    this.name = 'RefusedEntityError';
  }
}
