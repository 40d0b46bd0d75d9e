import type { Socket } from 'node:net';
import { CognitoError } from '../errors.js';
import { applies, type FaultSettings, type OperationFault } from './fault-settings.js';

const NONE: FaultSettings = { operations: [], jwks: 'ok' };

/** Milliseconds of a slow JWKS endpoint. */
const SLOW = 10_000;

/** More than any client should read of a JWKS endpoint. */
const HUGE = 2 * 1024 * 1024;

/**
 * The fault switches of the running process: each makes operations, or the JWKS endpoint, fail as
 * Cognito and the way to it can. The first switch in the list that is about an operation strikes.
 */
export class Faults {
  #settings = NONE;
  readonly #held = new Set<() => void>();

  /** The switches that are on; `times` tells what is left. */
  get settings(): FaultSettings {
    return this.#settings;
  }

  /** Replaces all switches. What is still held up by the old ones goes on, and what hangs is cut off. */
  set({ operations = [], jwks = 'ok', clockAhead }: Partial<FaultSettings>): void {
    this.#settings = { operations, jwks, ...(clockAhead && { clockAhead }) };
    this.release();
  }

  /** What the pool's clock shows, of which come the times in tokens and the `Date` of answers. */
  get time(): Date {
    return new Date(Date.now() + (this.#settings.clockAhead ?? 0) * 1000);
  }

  clear(): void {
    this.set(NONE);
  }

  /** Ends every wait. */
  release(): void {
    for (const end of this.#held) end();
  }

  /**
   * Strikes a call of an operation, whose connection may be lost by it.
   * @throws CognitoError TooManyRequestsException, InternalErrorException
   */
  async strike(operation: string, connection: Socket): Promise<void> {
    const struck = this.#next(operation);
    switch (struck?.fault) {
      case 'latency':
        await this.#hold(connection, struck.milliseconds);
        // Who has gone is owed nothing: a call that was given up has not half happened.
        if (connection.destroyed) throw lost();
        return;
      case 'throttling':
        throw new CognitoError('TooManyRequestsException', 'Rate exceeded');
      case 'error':
        throw new CognitoError('InternalErrorException', 'A fault switch is on.');
      case 'hang':
        await this.#hold(connection);
        connection.destroy();
        throw lost();
      case 'reset':
        connection.resetAndDestroy();
        throw lost();
    }
  }

  /** What the JWKS endpoint answers in place of a set. @throws CognitoError where it is lost */
  async jwks(published: object, connection: Socket): Promise<string> {
    switch (this.#settings.jwks) {
      case 'ok':
        return JSON.stringify(published);
      case 'empty':
        return JSON.stringify({ keys: [] });
      case 'broken':
        return JSON.stringify(published).slice(0, -20);
      case 'huge':
        return JSON.stringify({ ...published, padding: 'x'.repeat(HUGE) });
      case 'slow':
        await this.#hold(connection, SLOW);
        return JSON.stringify(published);
      case 'down':
        connection.resetAndDestroy();
        throw lost();
    }
  }

  /** The switch that strikes now; it counts down, and is gone after its last time. */
  #next(operation: string): OperationFault | undefined {
    const { operations, ...others } = this.#settings;
    const struck = operations.find((fault) => applies(fault, operation));
    if (struck?.times === undefined) return struck;
    const left = struck.times - 1;
    this.#settings = {
      operations: operations.flatMap((fault) => {
        if (fault !== struck) return [fault];
        return left > 0 ? [{ ...fault, times: left }] : [];
      }),
      ...others,
    };
    return struck;
  }

  /** Waits until the time is over, the switches change, or the other side is gone. */
  async #hold(connection: Socket, milliseconds?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
    connection.once('close', resolve);
    this.#held.add(resolve);
    if (connection.destroyed) resolve();
    await promise;
    clearTimeout(timer);
    connection.off('close', resolve);
    this.#held.delete(resolve);
  }
}

/** Nobody gets this answer. */
const lost = () => new CognitoError('InternalErrorException', 'The connection is lost.');
