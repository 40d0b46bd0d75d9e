import { isIPv6 } from 'node:net';
import {
  createStackParser,
  createTransport,
  type Event,
  type Exception,
  parseStackFrames,
} from '@sentry/core';
import { nodeStackLineParser, ServerRuntimeClient } from '@sentry/core/server';
import type { ErrorReportsConfig } from '../config.js';
import {
  type DescribedError,
  describedError,
  redacted,
  scrubbed,
  scrubbedJson,
} from '../log/redaction.js';
import { SERVER_VERSION } from '../version.js';
import type { ErrorReports, ReportContext } from './error-reports.js';
import { FLUSH_TIMEOUT } from './flush-timeout.js';

/** What the log may show, and a report to a third party may not. */
const PHONE = /\+\d[\d ().-]{6,18}\d/g;
const IP_V4 = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
const MAYBE_IP_V6 = /[0-9a-f:]{2,38}(?:[0-9a-f]|::)/gi;

const parser = createStackParser(nodeStackLineParser());

/**
 * Reports to Sentry by the library's core alone: no integration reads requests, nothing is patched, and a report
 * is made of what the log would say of the error.
 */
export function sentryReports({ dsn, environment }: ErrorReportsConfig): ErrorReports {
  const client = new ServerRuntimeClient({
    dsn,
    environment,
    release: `lifeguard@${SERVER_VERSION}`,
    platform: 'node',
    runtime: { name: 'node', version: process.version },
    integrations: [],
    stackParser: parser,
    sendClientReports: false,
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        const text = typeof body === 'string' ? body : Buffer.from(body).toString();
        const { status, headers } = await fetch(options.url, {
          method: 'POST',
          headers: { ...options.headers },
          body: withoutAddresses(scrubbedJson(text)),
        });
        return {
          statusCode: status,
          headers: {
            'x-sentry-rate-limits': headers.get('x-sentry-rate-limits'),
            'retry-after': headers.get('retry-after'),
          },
        };
      }),
  });
  client.init();
  return {
    report: (error, about = {}) => {
      client.captureEvent(eventOf(error, about));
    },
    close: async () => {
      await client.close(FLUSH_TIMEOUT);
    },
  };
}

function eventOf(error: unknown, about: ReportContext): Event {
  const { requestId, traceId, operationName, code, job, details } = about;
  const tags = { request_id: requestId, trace_id: traceId, operation: operationName, code, job };
  return {
    level: 'error',
    exception: { values: exceptionsOf(error) },
    tags: Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== undefined)),
    ...(details && { extra: redacted({ ...details }) }),
  };
}

/** The error after what caused it (Sentry, "Exception Interface": the oldest first). */
function exceptionsOf(error: unknown): Exception[] {
  const described: DescribedError =
    error instanceof Error
      ? describedError(error)
      : { type: 'Error', message: `Not an error: ${typeof error}`, stack: '' };
  const chain: DescribedError[] = [];
  for (let one: DescribedError | undefined = described; one; one = one.cause ?? one.errors?.[0])
    chain.push(one);
  return chain.reverse().map((one) => ({
    type: one.type,
    value: withoutAddresses(scrubbed(one.message)),
    stacktrace: { frames: parseStackFrames(parser, stackOnly(one)) },
  }));
}

/** The parser takes an error, and reads its stack alone. */
function stackOnly({ type, stack }: DescribedError): Error {
  const error = new Error();
  error.stack = `${type}\n${stack}`;
  return error;
}

/** Neither where to call somebody nor where they are. */
function withoutAddresses(text: string): string {
  return text
    .replace(PHONE, '[phone]')
    .replace(IP_V4, '[address]')
    .replace(MAYBE_IP_V6, (found) => (isIPv6(found) ? '[address]' : found));
}
