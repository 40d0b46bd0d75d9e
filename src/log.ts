import { type DestinationStream, type Logger, pino } from 'pino';
import { messageOf, redacted, scrubbed } from './log-redaction.js';

export interface LogOptions {
  /** `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`. */
  readonly level: string;
  /** Where the lines go; standard output if absent. */
  readonly destination?: DestinationStream;
}

/**
 * The log, one JSON object a line. Tokens, secrets and personal attributes are taken out of what is
 * logged: by key, and by their look from every finished line.
 */
export function createLog({ level, destination }: LogOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
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
        streamWrite: scrubbed,
      },
    },
    // Written while the server goes on; what is left is written when the process ends.
    destination ?? pino.destination({ dest: 1, sync: false }),
  );
}

function errorOf(logged: unknown): Error | undefined {
  if (logged instanceof Error) return logged;
  if (typeof logged !== 'object' || logged === null) return undefined;
  const error: unknown = Reflect.get(logged, 'err');
  return error instanceof Error ? error : undefined;
}
