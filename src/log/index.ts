import { type DestinationStream, type Logger, pino } from 'pino';
import { LogLines } from './lines.js';
import { messageOf, redacted, scrubbedJson } from './redaction.js';

export interface LogOptions {
  /** `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`. */
  readonly level: string;
  /** Where the lines go; standard output if absent. */
  readonly destination?: DestinationStream;
}

let ownOutput: LogLines | undefined;

/**
 * The log, one JSON object a line. Tokens, secrets and personal attributes are taken out of what is
 * logged: by key, and by their look from every finished line.
 */
export function createLog({ level, destination }: LogOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: redacted,
        bindings: redacted,
      },
      // `formatters.log` has described the error already.
      serializers: { err: (described: unknown) => described },
      hooks: {
        logMethod(args, method) {
          const [first, message, ...values] = args as unknown[];
          const error = errorOf(first);
          // Without a text of its own pino would take the error's, with the row values it may hold.
          if (error === undefined || message !== undefined) return method.apply(this, args);
          const fields = first === error ? { err: error } : first;
          return Reflect.apply(method, this, [fields, messageOf(error), ...values]);
        },
        streamWrite: scrubbedJson,
      },
    },
    destination ?? standardOutput(),
  );
}

function errorOf(logged: unknown): Error | undefined {
  if (logged instanceof Error) return logged;
  if (typeof logged !== 'object' || logged === null) return undefined;
  const error: unknown = Reflect.get(logged, 'err');
  return error instanceof Error ? error : undefined;
}

/** One for the process: lines of two would come in another order than they were logged. */
function standardOutput(): DestinationStream {
  ownOutput ??= new LogLines(1);
  return ownOutput;
}

const written = { at: Number.NaN, as: '' };

/** As `pino.stdTimeFunctions.isoTime`, but lines of one millisecond, of which there are several under load, share the text. */
function isoTime(): string {
  const at = Date.now();
  if (written.at !== at)
    Object.assign(written, { at, as: `,"time":"${new Date(at).toISOString()}"` });
  return written.as;
}
