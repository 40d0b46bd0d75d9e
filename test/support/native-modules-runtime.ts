import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction, SyntheticModule } from 'node:vm';

type Loaded = Readonly<Record<string, unknown>>;

/** What jest's runtime keeps to itself, as of the pinned version. */
interface Internals {
  readonly esmLoader: {
    /** The context of what it builds: undefined is the worker's own realm. */
    getContext(): undefined;
    buildCjsAsEsmSyntheticModule(from: string, path: string): SyntheticModule;
    /** Whether it is to be evaluated here after all. */
    pendingCjsBuildIsUnmarkedEsm(): boolean;
  };
  readonly executor: {
    readonly injectedModuleParameters: readonly string[];
    compile(source: string, path: string): Wrapper;
  };
}

type Wrapper = ReturnType<typeof compileFunction>;

/** Jest's own modules as they were compiled for the worker's first file. */
const compiled = new Map<string, Wrapper>();

const requireNatively = createRequire(import.meta.url);
// An import would be typed as the namespace, and be the class.
const { default: JestRuntime }: typeof import('jest-runtime') = requireNatively('jest-runtime');

/**
 * Jest's runtime evaluates every module anew for each test file: the server with all of its
 * packages takes a second of it. Here only the tests are: what is outside of the tests' folder
 * is loaded by Node, once in a worker.
 *
 * A file with a realm of its own (see shared-realm-environment) gets modules of its own, as jest has it.
 */
export default class NativeModulesRuntime extends JestRuntime {
  readonly #evaluated: string;

  constructor(...parameters: ConstructorParameters<typeof JestRuntime>) {
    super(...parameters);
    const [{ rootDir }, environment] = parameters;
    const hasOwnRealm = environment.getVmContext() !== null;
    this.#evaluated = hasOwnRealm ? '' : join(rootDir, '/');
    if (hasOwnRealm) return;
    // Private members: there is no other seam, and without a realm of its own there is no context.
    const { esmLoader, executor } = this as unknown as Internals;
    esmLoader.getContext = () => undefined;
    esmLoader.buildCjsAsEsmSyntheticModule = nativeModule;
    esmLoader.pendingCjsBuildIsUnmarkedEsm = () => false;
    executor.compile = (source, path) => {
      const known = compiled.get(path);
      if (known !== undefined) return known;
      const parameters = [...executor.injectedModuleParameters];
      const wrapper = compileFunction(source, parameters, { filename: path });
      compiled.set(path, wrapper);
      return wrapper;
    };
  }

  /** What is not an ES module is asked of `buildCjsAsEsmSyntheticModule`. */
  override unstable_shouldLoadAsEsm(path: string): boolean {
    return path.startsWith(this.#evaluated) && super.unstable_shouldLoadAsEsm(path);
  }
}

/** A stand-in that exports what the module exports that Node has loaded. */
function nativeModule(_from: string, path: string): SyntheticModule {
  // Of an ES module this is its namespace.
  const loaded: Loaded = requireNatively(path);
  const isNamespace = Object.prototype.toString.call(loaded) === '[object Module]';
  const own = isNamespace ? {} : { default: loaded, 'module.exports': loaded };
  const exported: Loaded = { ...loaded, ...own };
  return new SyntheticModule(
    Object.keys(exported),
    function () {
      for (const [name, value] of Object.entries(exported)) this.setExport(name, value);
    },
    { identifier: path },
  );
}
