import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Bytes of a pipe that are written whole or not at all (pipe(7)): workers share one. */
const PIPE_BUF = 4096;

/** Milliseconds that a line waits at most for others to be written with it. */
const LATEST = 50;

/** Pieces that wait for a reader who is slow; lines beyond are lost. */
const MOST_PIECES = 256;

/** Milliseconds for which such a reader is waited for when the process ends, and how often it is looked. */
const LAST_WAIT = 1_000;
const LAST_PAUSE = 10;

/**
 * Writes the lines of a log, several at a time: to write each by itself would cost a request more than to make it. A
 * reader who is slow or has gone, and a disk that is full, cost lines, never the server, and the log says how many once
 * it can. The destination of pino would end the server where the disk is full, and keep it from ending where the
 * reader has gone (sonic-boom's `flushSync` tries again for ever).
 */
export class LogLines implements DestinationStream {
  readonly #fd: number;
  /** Whole lines each, but for the rest of one that was cut. */
  readonly #pieces: Buffer[] = [];
  /** Lines that others may still be written with, and their bytes. */
  #open = '';
  #bytes = 0;
  #lost = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(fd: number) {
    this.#fd = fd;
    process.once('exit', () => this.#end());
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#bytes + bytes > PIPE_BUF) this.flushSync();
    this.#open += line;
    this.#bytes += bytes;
    this.#timer ??= setTimeout(() => this.flushSync(), LATEST).unref();
  }

  /** Writes what can be written now; pino calls it after a fatal line. */
  flushSync(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#close();
    while (this.#pieces[0] !== undefined && this.#written(this.#pieces[0]));
    if (this.#pieces.length > 0) this.#timer = setTimeout(() => this.flushSync(), LATEST).unref();
  }

  #close(): void {
    if (this.#open === '') return;
    if (this.#pieces.length < MOST_PIECES) this.#pieces.push(Buffer.from(this.#open));
    else this.#lose(this.#open);
    this.#open = '';
    this.#bytes = 0;
  }

  /** False where the first piece, or the rest of it, has to wait. */
  #written(piece: Buffer): boolean {
    try {
      const bytes = writeSync(this.#fd, piece);
      if (bytes < piece.length) this.#pieces[0] = piece.subarray(bytes);
      else this.#pieces.shift();
      this.#tellLost();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      this.#pieces.shift();
      this.#lose(piece.toString());
      return true;
    }
  }

  #lose(lines: string): void {
    this.#lost += lines.split('\n').length - 1;
  }

  #tellLost(): void {
    if (this.#lost === 0 || this.#pieces.length > 0) return;
    const line = {
      level: 'warn',
      time: new Date(),
      lost: this.#lost,
      msg: 'lines of the log were lost',
    };
    this.#lost = 0;
    this.#pieces.push(Buffer.from(`${JSON.stringify(line)}\n`));
  }

  #end(): void {
    const end = performance.now() + LAST_WAIT;
    for (this.flushSync(); this.#pieces.length > 0 && performance.now() < end; this.flushSync())
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_PAUSE);
  }
}

/** A pipe that is full, and does not block. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
