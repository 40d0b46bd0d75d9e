import { LegacyFakeTimers, ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

type ModernConfig = ConstructorParameters<typeof ModernFakeTimers>[0]['config'];

export interface EnvironmentConfig {
  readonly projectConfig: ModernConfig & { readonly globals: Readonly<Record<string, unknown>> };
}

/**
 * A jest environment without a realm of its own: the tests share the objects of the worker, and
 * so the modules that Node has loaded (native-modules-runtime). What jest or a test file changes
 * of the process is put back after it.
 */
export class SharedRealmEnvironment {
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

/**
 * Answers with what puts the process back into the state of now. What packages keep on the global
 * object stays, for they stay loaded.
 */
function snapshot(): () => void {
  const { console, TEST_DATABASE } = globalThis;
  const [env, exit, folder] = [{ ...process.env }, process.exit, process.cwd()];
  return () => {
    Object.assign(globalThis, { console, TEST_DATABASE });
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    process.exit = exit;
    process.chdir(folder);
  };
}
