import { z } from 'zod';
import { jsonRequest } from './local-pool.ts';
import { poolRequest } from './pool-request.ts';

export const FAULTS = ['latency', 'throttling', 'error', 'hang', 'reset'] as const;
export const JWKS_MODES = ['ok', 'empty', 'broken', 'huge', 'slow', 'down'] as const;

const operationFault = z.object({
  /** An operation, a quota category, or `*`. */
  match: z.string(),
  fault: z.enum(FAULTS),
  milliseconds: z.number().optional(),
  /** How often it strikes; absent: until it is cleared. */
  times: z.number().optional(),
});
const poolFaults = z.object({
  operations: z.array(operationFault),
  jwks: z.enum(JWKS_MODES),
});

export type OperationFault = z.infer<typeof operationFault>;
export type PoolFaults = z.infer<typeof poolFaults>;

/** The fault switches of the local pool. Every method @throws PoolError. */
export class FaultSwitches {
  readonly #url: string;
  readonly #rotation: string;

  constructor(endpoint: string) {
    this.#url = `${endpoint}/local-pool/faults`;
    this.#rotation = `${endpoint}/local-pool/jwks/rotate`;
  }

  async read(): Promise<PoolFaults> {
    return poolFaults.parse(await poolRequest(this.#url));
  }

  async replace(faults: PoolFaults): Promise<PoolFaults> {
    await poolRequest(this.#url, jsonRequest('PUT', faults));
    return this.read();
  }

  async clear(): Promise<PoolFaults> {
    await poolRequest(this.#url, { method: 'DELETE' });
    return this.read();
  }

  async rotateKeys(): Promise<void> {
    await poolRequest(this.#rotation, jsonRequest('POST', {}));
  }
}
