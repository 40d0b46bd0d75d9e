import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { v7 } from 'uuid';
import type { FormatError } from '../graphql/format-error.js';
import { requestError } from './errors.js';
import { refusalOf } from './refusal.js';

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  // A request for a tunnel, which node:http hands over unanswered.
  CONNECT: 405,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

interface SocketRefusalOptions {
  readonly formatError: FormatError;
  readonly log: Logger;
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers what node:http could not read as a request, in the shape of every other refusal. */
export function refuseOnSocket({ formatError, log, headers }: SocketRefusalOptions) {
  return (error: Pick<NodeJS.ErrnoException, 'code'>, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const requestId = v7();
    const scope = { requestId, log };
    const { status, body } = refusalOf(requestError(STATUS_BY_CODE[error.code ?? ''] ?? 400), {
      scope,
      formatError,
      tokenCame: false,
    });
    log.info({ requestId, status, code: error.code }, 'an unreadable request was refused');
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
