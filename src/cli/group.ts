import { poolOf } from '../directory/index.js';
import { Group, groupRequests, poolIdOf } from '../features/back-office/index.js';
import { StartError } from '../start-error.js';
import {
  type ActionOptions,
  actOnEach,
  asOperator,
  expectYes,
  type OperatorParts,
} from './operator.js';

export interface GroupOptions extends ActionOptions {
  readonly pool?: string;
  readonly description?: string;
  readonly precedence?: string;
}

const ACTIONS = {
  create: groupRequests.createGroup,
  update: groupRequests.updateGroup,
  delete: groupRequests.deleteGroup,
} as const;

export type GroupActionName = keyof typeof ACTIONS;

/** As `actOnUsers`. @throws StartError for anything that keeps it from being done */
export async function actOnGroup(
  action: GroupActionName,
  name: string,
  { pool: poolId, precedence, ...options }: GroupOptions,
  parts: OperatorParts,
): Promise<void> {
  const given = { ...options, name, poolId, precedence: precedenceIn(precedence) };
  await asOperator(parts, async (operator) => {
    const plan = async () => [{ request: ACTIONS[action](operator.asking, given) }];
    const confirm = () => expectYes(parts.terminal, options);
    const actions = { names: [name], plan, ...(action === 'delete' && { confirm }) };
    await actOnEach(operator, actions, options);
  });
}

/** The groups of a pool, as the pool has them now, and what they make of people. */
export async function listGroups(
  { pool }: Pick<GroupOptions, 'pool'>,
  parts: OperatorParts,
): Promise<void> {
  await asOperator(parts, async ({ asking: { app }, write }) => {
    const id = poolIdOf({ app }, pool);
    for (const group of await poolOf(app, id).admin.groups()) {
      const { name, precedence, roles, description } = new Group(id, group, app.config);
      const told = [name, precedence ?? '-', roles.join(',') || '-', description ?? ''];
      write(told.join('\t').trimEnd());
    }
  });
}

function precedenceIn(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new StartError(`--precedence is ${given}. Give a whole number of 0 or more.`);
}
