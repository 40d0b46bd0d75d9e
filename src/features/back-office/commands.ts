import { setTimeout as sleep } from 'node:timers/promises';
import { withoutRowRules } from '../../database/row-view.js';
import { Identity } from '../../directory/index.js';
import { inTime } from '../../in-time.js';
import type { App } from '../../request/app.js';
import { perApp } from '../../request/per-app.js';
import {
  InProgressError,
  InterruptedError,
  OtherInputError,
  SupersededError,
  UnderWayError,
} from './back-office.errors.js';
import { Command } from './command.entity.js';
import { errorOf, isFinal, shownOf } from './command-failure.js';
import { type CommandRequest, inputHashOf, intend, keyOf } from './command-intent.js';
import { COMMAND_JOB, RECOVERY_DELAY } from './command-job-name.js';
import type { AnyCommandKind, Work } from './command-kind.js';
import { keepFailure, keepMoment, keepOutcome } from './command-outcome.js';
import { commandKinds } from './commands/index.js';

/** Milliseconds that a client waits for a command; it goes on all the same. */
const PATIENCE = 20_000;

/** Milliseconds between looks at a command that another server does, at first and at most. */
const LOOK = 100;
const LONGEST_LOOK = 1_000;

/** Does what the back office asks for: whole, once, and with a trail, whichever process ends in between. */
export const commandsOf = perApp((app) => new Commands(app));

class Commands {
  readonly #app: App;
  readonly #running = new Map<string, Promise<void>>();

  constructor(app: App) {
    this.#app = app;
  }

  /**
   * Answers with the command once it is done; with the first one's under a key that was sent before.
   * @throws OtherInputError, InProgressError for such a key
   * @throws UnderWayError where the pool may have done it: the server goes on until it knows
   * @throws LifeguardError whatever refuses it
   */
  async run(request: CommandRequest): Promise<Command> {
    const known = await this.#known(request);
    if (known !== null) return this.#first(known, request);
    const command = await intend(this.#app, request);
    if (command === undefined) return this.#first(await this.#known(request), request);
    const { kind, input, inputNames } = request;
    const done = this.#exclusively(command.id, () =>
      this.#execute(command, kind, input, inputNames),
    );
    const late = () => new UnderWayError(command.id, new Error('The pool did not answer in time.'));
    await inTime(done, PATIENCE, late);
    return this.#ended(command.id);
  }

  /** Asks every rule, and takes back what the last of them has looked at. @throws LifeguardError as `run` does */
  async rehearse({ check, admit }: CommandRequest): Promise<void> {
    await check?.();
    await this.#app.orm.em.fork().transactional(async (em) => admit?.(em));
  }

  /** Goes on with a command whose process does not. Rejects while it could not be ended. */
  async resume(id: string): Promise<void> {
    if (this.#running.has(id)) return this.#running.get(id)?.catch(() => undefined);
    const em = this.#app.orm.em.fork();
    const command = await em.findOne(Command, { id });
    if (command === null || command.isEnded) return;
    const kind = commandKinds.get(command.action);
    if (kind === undefined) throw new Error(`There is no command ${command.action}.`);
    command.attempts += 1;
    await em.nativeUpdate(Command, { id }, { attempts: command.attempts });
    try {
      await this.#exclusively(id, () => this.#execute(command, kind, command.input));
    } catch (error) {
      const { isEnded } = await em.fork().findOneOrFail(Command, { id });
      if (!isEnded) throw error;
    }
  }

  /** One execution a process; the job is kept away as long as it lives. */
  async #exclusively(id: string, execute: () => Promise<void>): Promise<void> {
    const heartbeat = setInterval(() => void this.#stillHere(id), RECOVERY_DELAY / 3).unref();
    const running = execute().finally(() => {
      clearInterval(heartbeat);
      this.#running.delete(id);
    });
    this.#running.set(id, running);
    return running;
  }

  async #stillHere(id: string): Promise<void> {
    const { orm, log } = this.#app;
    await withoutRowRules(orm.em, "commands are the server's own")
      .execute(
        `update job set run_at = now() + ? * interval '1 millisecond'
         where kind = ? and key = ? and claim is null`,
        [RECOVERY_DELAY, COMMAND_JOB, id],
      )
      .catch((err: unknown) => log.warn({ err }, 'the job of a command could not be put off'));
  }

  async #execute(
    command: Command,
    kind: AnyCommandKind,
    input: unknown,
    inputNames: readonly string[] = [],
  ): Promise<void> {
    const work = await this.#workOf(command, input);
    try {
      if (command.state === 'INTENDED') await this.#atPool(kind, work);
      await keepOutcome(kind, work);
    } catch (error) {
      const shown = shownOf(error, inputNames);
      if (!isFinal(error, command)) throw new UnderWayError(command.id, error);
      await keepFailure(work, shown);
      throw shown;
    }
  }

  async #atPool(kind: AnyCommandKind, work: Work<unknown>): Promise<void> {
    const { command } = work;
    if (command.attempts > 1) {
      if (kind.isSecret) throw new InterruptedError();
      await this.#expectLatest(command);
    }
    const { at, result = null } = await kind.atPool(work);
    await keepMoment(kind, work, { at, result });
    command.state = 'AT_POOL';
    command.poolMoment = at;
    command.result = result;
  }

  /** What was done after it must not be undone by it. @throws SupersededError */
  async #expectLatest({ id, aspect }: Command): Promise<void> {
    const later = { aspect, id: { $gt: id }, state: 'DONE' as const };
    if ((await this.#app.orm.em.fork().count(Command, later)) > 0) throw new SupersededError();
  }

  async #workOf(command: Command, input: unknown): Promise<Work<unknown>> {
    const { targetId } = command;
    const identities =
      targetId === null
        ? []
        : await this.#app.orm.em.fork().find(Identity, { user: targetId, deletedAt: null });
    return { app: this.#app, command, input, identities };
  }

  #known(request: CommandRequest): Promise<Command | null> {
    const idempotencyKey = keyOf(this.#app, request);
    if (idempotencyKey === null) return Promise.resolve(null);
    const createdAt = { $gt: new Date(Date.now() - 24 * 60 * 60_000) };
    return this.#app.orm.em.fork().findOne(Command, { idempotencyKey, createdAt });
  }

  /** The first answer under a key, whoever is about to give it. */
  async #first(known: Command | null, request: CommandRequest): Promise<Command> {
    if (known === null) throw new InProgressError();
    if (known.inputHash !== inputHashOf(this.#app, request)) throw new OtherInputError();
    const deadline = Date.now() + PATIENCE;
    let { isEnded } = known;
    for (let pause = LOOK; !isEnded && Date.now() < deadline; pause *= 1.5) {
      // Here it is waited for; another server's is looked at, less and less often.
      const rest = sleep(Math.min(pause, LONGEST_LOOK), undefined, { ref: false });
      await (this.#running.get(known.id)?.catch(() => undefined) ?? rest);
      ({ isEnded } = await this.#app.orm.em.fork().findOneOrFail(Command, { id: known.id }));
    }
    if (!isEnded) throw new InProgressError();
    return this.#ended(known.id);
  }

  /** @throws what the command failed with */
  async #ended(id: string): Promise<Command> {
    const command = await this.#app.orm.em.fork().findOneOrFail(Command, { id });
    if (command.failure !== null) throw errorOf(command.failure);
    return command;
  }
}
