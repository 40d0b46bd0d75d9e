import { LegacyFakeTimers, ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

type ModernConfig = ConstructorParameters<typeof ModernFakeTimers>[0]['config'];

interface EnvironmentConfig {
  readonly projectConfig: ModernConfig & { readonly globals: Readonly<Record<string, unknown>> };
}

/**
 * A jest environment without a realm of its own: the tests share the objects of the worker, and
 * so the modules that Node has loaded (native-modules-runtime). What a file changes of the
 * process is put back after it, as far as jest itself or a test would do that.
 */
export default class SharedRealmEnvironment {
  readonly global = globalThis;
  readonly moduleMocker = new ModuleMocker(globalThis);
  readonly fakeTimers: LegacyFakeTimers<NodeJS.Timeout>;
  readonly fakeTimersModern: ModernFakeTimers;
  readonly #restore: () => void;

  constructor({ projectConfig }: EnvironmentConfig) {
    this.#restore = snapshot();
    Object.assign(globalThis, projectConfig.globals);
    const timerConfig = { idToRef: (id: number) => id, refToId: (timer: unknown) => timer };
    this.fakeTimers = new LegacyFakeTimers<NodeJS.Timeout>({
      global: globalThis,
      moduleMocker: this.moduleMocker,
      config: projectConfig,
      // Never used: jest only asks legacy timers whether they are in use.
      timerConfig: timerConfig as never,
    });
    this.fakeTimersModern = new ModernFakeTimers({ global: globalThis, config: projectConfig });
  }

  exportConditions(): string[] {
    return ['node', 'node-addons'];
  }

  /** None: see native-modules-runtime, which compiles without one. */
  getVmContext(): null {
    return null;
  }

  async setup(): Promise<void> {}

  async teardown(): Promise<void> {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    this.#restore();
  }
}

/** Answers with what puts the process back into the state of now. */
function snapshot(): () => void {
  const globals = new Map(Object.entries(Object.getOwnPropertyDescriptors(globalThis)));
  const [env, exit, cwd] = [{ ...process.env }, process.exit, process.cwd()];
  return () => {
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      if (!globals.has(name)) Reflect.deleteProperty(globalThis, name);
    }
    for (const name of ['console', 'TEST_DATABASE']) {
      const descriptor = globals.get(name);
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    }
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    process.exit = exit;
    if (process.cwd() !== cwd) process.chdir(cwd);
  };
}
