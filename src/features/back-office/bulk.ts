import { LifeguardError } from '../../errors.js';
import type { App } from '../../request/app.js';
import type { Actor } from '../audit-log/index.js';
import { BackOfficeBulkSizeError, UnderWayError } from './back-office.errors.js';
import { claimBulkKey, itemKey } from './bulk-key.js';
import type { CommandRequest } from './command-intent.js';
import { commandsOf } from './commands.js';
import { leftAloneBy } from './left-alone.js';

/** Items of one bulk action at most. */
export const BULK_SIZE = 100;

/** Commands of one bulk action at a time; the call budget has the last word. */
const AT_A_TIME = 5;

export type BulkState = 'DONE' | 'WOULD_BE_DONE' | 'REFUSED' | 'FAILED' | 'UNDER_WAY';

/** What came of one item. */
export interface BulkOutcome {
  readonly state: BulkState;
  readonly actionId: string | null;
  readonly targetId: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

export interface Bulk<Item> {
  /** The mutation's. */
  readonly name: string;
  readonly actor: Actor;
  readonly items: readonly Item[];
  readonly isDry: boolean;
  readonly idempotencyKey: string | null | undefined;
  /** All that was asked for: another bulk under the same key is another input to each of its items. */
  readonly asked: object;
  readonly requestOf: (item: Item, key: string | undefined) => Promise<CommandRequest>;
}

/**
 * Does each item as a command of its own, in the given order of answers: one that is refused or fails keeps no
 * other from being done.
 * @throws BackOfficeBulkSizeError, OtherInputError
 */
export async function runBulk<Item>(app: App, bulk: Bulk<Item>): Promise<BulkOutcome[]> {
  const { items } = bulk;
  if (items.length === 0 || items.length > BULK_SIZE) throw new BackOfficeBulkSizeError(BULK_SIZE);
  const { name, actor, idempotencyKey: key, asked, isDry } = bulk;
  if (key != null && !isDry) await claimBulkKey(app, { name, actor, key, asked });
  const outcomes = new Map<number, BulkOutcome>();
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) outcomes.set(index, await outcomeOf(app, bulk, item));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return items.flatMap((_item, index) => outcomes.get(index) ?? []);
}

async function outcomeOf<Item>(app: App, bulk: Bulk<Item>, item: Item): Promise<BulkOutcome> {
  let wasAsked = false;
  try {
    const request = { ...(await bulk.requestOf(item, keyOf(bulk, item))), hashed: bulk.asked };
    if (bulk.isDry) return await wouldBe(app, request);
    wasAsked = true;
    const command = await commandsOf(app).run(request);
    const { id: actionId, targetId } = command;
    return { state: 'DONE', actionId, targetId, code: null, message: leftAloneBy(command) ?? null };
  } catch (error) {
    if (!(error instanceof LifeguardError)) throw error;
    const { code, message } = error;
    const told = { actionId: null, targetId: null, code, message };
    if (error instanceof UnderWayError)
      return { ...told, state: 'UNDER_WAY', actionId: error.actionId };
    return { ...told, state: wasAsked && code === 'UNAVAILABLE' ? 'FAILED' : 'REFUSED' };
  }
}

async function wouldBe(app: App, request: CommandRequest): Promise<BulkOutcome> {
  await commandsOf(app).rehearse(request);
  const { targetId = null } = request;
  return { state: 'WOULD_BE_DONE', actionId: null, targetId, code: null, message: null };
}

function keyOf<Item>({ idempotencyKey }: Bulk<Item>, item: Item): string | undefined {
  return idempotencyKey == null ? undefined : itemKey(idempotencyKey, item);
}
