import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { v7 } from 'uuid';
import type { FormatError } from '../graphql/format-error.js';
import type { RequestScope } from '../graphql/request-scope.js';
import { requestError } from './errors.js';
import { refusalOf } from './refusal.js';

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  // A request for a tunnel, which node:http hands over unanswered.
  CONNECT: 405,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** A request whose body is still to come. */
export interface Unfinished {
  readonly scope: RequestScope;
  /** Has the log and the metrics know what it was answered with. */
  tell(status: number): void;
}

export type UnfinishedOn = (socket: Duplex) => Unfinished | undefined;

interface SocketRefusalOptions {
  readonly formatError: FormatError;
  readonly log: Logger;
  readonly unfinishedOn: UnfinishedOn;
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers what node:http could not read as a request, in the shape of every other refusal. Where it is the body, the line
 * of the log is the request's own.
 */
export function refuseOnSocket({ formatError, log, unfinishedOn, headers }: SocketRefusalOptions) {
  return (error: Pick<NodeJS.ErrnoException, 'code'>, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const unfinished = unfinishedOn(socket);
    const scope = unfinished?.scope ?? { requestId: v7(), log };
    const { requestId } = scope;
    const { status, body } = refusalOf(requestError(STATUS_BY_CODE[error.code ?? ''] ?? 400), {
      scope,
      formatError,
      tokenCame: false,
    });
    if (unfinished) unfinished.tell(status);
    else log.info({ requestId, status, code: error.code }, 'an unreadable request was refused');
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        `X-Request-Id: ${requestId}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  };
}
