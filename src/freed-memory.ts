import type { Logger } from 'pino';

/** Milliseconds between two times. */
const PERIOD = 10_000;

/**
 * Has the GNU C library give back to the system what was freed (malloc_trim(3)), again and again. By itself it keeps most
 * of that for whichever thread had it: with a server under load some 20 MB, left by V8's compilers and collectors. Where
 * there is no such library, or nothing to call it by, nothing is done.
 */
export async function giveBackFreedMemory(log: Logger, period = PERIOD): Promise<void> {
  if (process.platform !== 'linux') return;
  try {
    const { default: koffi } = await import('koffi');
    const trim = koffi.load('libc.so.6').func('int malloc_trim(size_t pad)');
    // On a thread of libuv's.
    setInterval(() => trim.async(0, () => {}), period).unref();
  } catch (err) {
    log.debug({ err }, 'freed memory stays with the process');
  }
}
