import { forgetLoaded, User } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { addWarning } from '../../request/warnings.js';
import { actorOf } from '../audit-log/index.js';
import type { Command } from './command.entity.js';
import type { CommandRequest } from './command-intent.js';
import { commandsOf } from './commands.js';
import { leftAloneBy } from './left-alone.js';
import { type Asking, groupsIn } from './requests.js';

/** The viewer as whoever asks for commands. */
export function askingOf(context: Context): Asking {
  const { app, viewer } = context;
  const actor = actorOf(context);
  const token = viewer.kind === 'person' ? viewer.token : undefined;
  const groups = token?.kind === 'person' ? groupsIn(token.poolId, token.groups) : [];
  return { app, actor, groups };
}

/** Does it, and answers with its name in the trail and the user as of then. */
export async function onUser(
  context: Context,
  request: CommandRequest | Promise<CommandRequest>,
): Promise<{ readonly actionId: string; readonly user: User }> {
  const { id, targetId } = await run(context, request);
  return { actionId: id, user: await userAfter(context, targetId ?? '') };
}

/** Does it, and warns the client of what it has left alone. */
export async function run(
  context: Context,
  request: CommandRequest | Promise<CommandRequest>,
): Promise<Command> {
  const command = await commandsOf(context.app).run(await request);
  const message = leftAloneBy(command);
  if (message !== undefined) addWarning(context, { code: 'ACCOUNTS_LEFT_ALONE', message });
  return command;
}

/** Whatever the request has loaded before. */
export function userAfter(context: Context, id: string): Promise<User> {
  forgetLoaded(context, id);
  return context.em.findOneOrFail(User, { id }, { refresh: true, connectionType: 'write' });
}
