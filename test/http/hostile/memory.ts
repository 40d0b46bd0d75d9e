import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// With that flag a new context has it.
const collect: () => void = runInNewContext('gc');

/** Bytes that this process uses, in its heap and in buffers outside of it, once garbage is collected. */
export function memoryInUse(): number {
  // Twice: what finalizers let go of goes with the second.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  // Node.js counts array buffers as external.
  return heapUsed + external;
}
