/** When calls may be sent: the first in `wait` milliseconds, each other one `interval` after the one before. */
export interface CallSlots {
  readonly wait: number;
  readonly interval: number;
}

/** Gives out the moments at which calls may be sent, so that all servers together stay below a rate. */
export interface CallSlotLedger {
  /** Takes the next `count` slots of a row of slots that come `perSecond` times a second. */
  take(row: string, count: number, perSecond: number): Promise<CallSlots>;
  /** Lets no server have a slot of the row for so many milliseconds. */
  pause(row: string, milliseconds: number): Promise<void>;
}
