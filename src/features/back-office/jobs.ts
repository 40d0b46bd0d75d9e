import { z } from 'zod';
import { LifeguardError } from '../../errors.js';
import type { JobKind } from '../../jobs/index.js';
import type { App } from '../../request/app.js';
import { SERVER_ACTOR } from '../audit-log/index.js';
import { Command } from './command.entity.js';
import { COMMAND_JOB, ENABLE_JOB } from './command-job-name.js';
import { commandsOf } from './commands.js';
import { forgetCommandsKind } from './forget-commands.js';
import { userRequests } from './user-requests.js';

const commandId = z.string();

/** Goes on with commands that a process has left behind, and ends what was to have an end. */
export function backOfficeJobs(app: App): readonly JobKind[] {
  return [
    { kind: COMMAND_JOB, run: (given) => commandsOf(app).resume(commandId.parse(given)) },
    { kind: ENABLE_JOB, run: (given) => enableAgain(app, commandId.parse(given)) },
    forgetCommandsKind(app),
  ];
}

/** Unless the access of the user was settled anew since. */
async function enableAgain(app: App, id: string): Promise<void> {
  const em = app.orm.em.fork();
  const disabling = await em.findOne(Command, { id });
  if (disabling?.targetId == null) return;
  const { aspect, targetId } = disabling;
  const later = { aspect, id: { $gt: id }, state: 'DONE' as const };
  if ((await em.count(Command, later)) > 0) return;
  // A try that failed is not the answer to the next one.
  const { kind: actorKind } = SERVER_ACTOR;
  const tries = await em.count(Command, { ...later, actorKind, state: 'FAILED' });
  const asking = { app, actor: SERVER_ACTOR, groups: [] };
  const idempotencyKey = `until ${id} ${tries}`;
  const given = { id: targetId, reason: 'The time is over.', idempotencyKey };
  try {
    await commandsOf(app).run(await userRequests.enableUser(asking, given));
  } catch (error) {
    // The user is gone, or the pool does not want it: there is nothing to try again.
    const isOver = error instanceof LifeguardError && error.code !== 'UNAVAILABLE';
    if (!isOver) throw error;
  }
}
