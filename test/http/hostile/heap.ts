import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// With that flag a new context has it.
const collect: () => void = runInNewContext('gc');

/** Bytes of this process's heap that are in use once garbage is collected. */
export function heapInUse(): number {
  // Twice: what finalizers let go of goes with the second.
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
