import type { FastifyInstance, FastifyRequest } from 'fastify';
import { UnauthenticatedError } from '../errors.js';
import { RequestError } from './errors.js';
import type { RateLimits } from './rate-limits.js';
import { isSigned } from './webhook-signature.js';

export interface HooksOptions {
  /** Shared with the senders. */
  readonly secret: Buffer;
  /** Takes the events of a genuine message; its answer is the sender's. */
  readonly take: (message: {
    readonly id: string;
    readonly events: readonly unknown[];
  }) => Promise<object>;
}

export const HOOK_PATH = '/hooks/pool';

/** Bytes of a message. */
const BODY_LIMIT = 65_536;

/** Events of a message. */
const MOST_EVENTS = 100;

/**
 * Adds `POST /hooks/pool`, by which Lambda triggers and EventBridge tell of changes at the pool. Strangers get the
 * same answer whatever they send; after many wrong signatures an address is told to stop, yet a genuine message
 * from there is taken still.
 */
export async function addHooks(
  app: FastifyInstance,
  { secret, take, rateLimits }: HooksOptions & { readonly rateLimits: RateLimits },
): Promise<void> {
  await app.register(async (hooks) => {
    // The signature is of the bytes, whatever they are said to be.
    hooks.removeAllContentTypeParsers();
    hooks.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      (_request, body, done) => done(null, body),
    );
    hooks.post(HOOK_PATH, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const id = headerOf(request, 'webhook-id');
      const message = {
        id,
        timestamp: headerOf(request, 'webhook-timestamp'),
        signatures: headerOf(request, 'webhook-signature'),
        body,
      };
      if (!isSigned(message, secret, Date.now())) {
        await rateLimits.countFailedSignature(request.ip);
        throw new WrongSignatureError();
      }
      return reply.code(202).send(await take({ id, events: eventsIn(body) }));
    });
  });
}

class WrongSignatureError extends UnauthenticatedError {
  constructor() {
    super('The message is not signed as it should be.', {
      reason: 'signature',
      hint: 'Sign it with WEBHOOK_SECRET by the Standard Webhooks specification, not longer than five minutes ago.',
    });
  }
}

function headerOf({ headers }: FastifyRequest, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

/** One event or several. @throws RequestError */
function eventsIn(body: Buffer): readonly unknown[] {
  const parsed = parse(body);
  const events: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  if (events.length <= MOST_EVENTS && typeof parsed === 'object' && parsed !== null) return events;
  throw new RequestError(400, `The body must be an event, or a list of at most ${MOST_EVENTS}.`, {
    reason: 'body',
    hint: 'Send events of Lambda triggers or of EventBridge as JSON.',
  });
}

/** Undefined for what is not JSON. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
