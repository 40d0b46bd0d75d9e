import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { TestEnvironment as OwnRealmEnvironment } from 'jest-environment-node';
import { type EnvironmentConfig, SharedRealmEnvironment } from './shared-realm-environment.js';

type Config = ConstructorParameters<typeof OwnRealmEnvironment>[0] & EnvironmentConfig;
type Context = ConstructorParameters<typeof OwnRealmEnvironment>[1];

/**
 * The environment of a test file, for jest to call by `new`: the worker's realm, but for a file that
 * declares types of its own. Those it adds to registries of packages, which must not outlive it.
 */
export default function environmentOf(config: Config, context: Context) {
  return declaresTypes(context.testPath)
    ? new OwnRealmEnvironment(config, context)
    : new SharedRealmEnvironment(config);
}

const TESTS = resolve(import.meta.dirname, '..');

/** As compiled. */
const DECLARATION = /\b(__decorate|registerEnumType|createUnionType)\(/;
const IMPORTED = /\b(?:from |import |import\()'(\.[^']+)'/g;

/** Whether the file, or what it imports of the tests, decorates classes. */
function declaresTypes(path: string, seen = new Set<string>()): boolean {
  if (seen.has(path) || !path.startsWith(TESTS)) return false;
  seen.add(path);
  const source = readFileSync(path, 'utf8');
  if (DECLARATION.test(source)) return true;
  return [...source.matchAll(IMPORTED)].some(([, other = '']) =>
    declaresTypes(resolve(dirname(path), other), seen),
  );
}
