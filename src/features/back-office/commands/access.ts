import { z } from 'zod';
import { ENABLE_JOB } from '../command-job-name.js';
import { commandKind, toEach } from '../command-kind.js';

const disabling = z.object({ until: z.iso.datetime().nullable() });

/** At every pool that the user has an account of. */
export const DISABLE_USER = commandKind({
  action: 'disableUser',
  input: disabling,
  endsTokens: () => true,
  atPool: (work) => toEach(work, (pool, { username }) => pool.disable(username)),
  keep: async (em, { app, command, input: { until } }) => {
    if (until === null) return;
    const delay = Math.max(0, Date.parse(until) - Date.now());
    await app.jobs.addWithin(em, [
      { kind: ENABLE_JOB, key: command.id, payload: command.id, delay },
    ]);
  },
});

export const ENABLE_USER = commandKind({
  action: 'enableUser',
  input: z.object({}),
  endsTokens: () => false,
  atPool: (work) => toEach(work, (pool, { username }) => pool.enable(username)),
});
