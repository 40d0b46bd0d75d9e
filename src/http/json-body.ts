import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { parseUniqueJson } from '../auth/unique-json.js';
import { requestError } from './errors.js';

const CHARSET = /;\s*charset\s*=\s*"?([^";,\s]*)/gi;
/** What a key that reaches a prototype is written with; an escape may hide it. */
const SUSPECT = /__proto__|prototype|\\u/;

/**
 * Parses a JSON body that can be read in one way only: uncompressed UTF-8 (RFC 8259, section 8.1), no key
 * twice, none that reaches a prototype.
 * @throws RequestError
 */
export function parseJsonBody({ headers }: FastifyRequest, body: Buffer): unknown {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = headers;
  if (encoding !== 'identity' || !isUtf8Type(type)) throw requestError(415);
  if (!isUtf8(body)) throw requestError(400);
  const text = body.toString();
  const value = parsed(text);
  if (SUSPECT.test(text) && reachesPrototype(value)) throw requestError(400);
  return value;
}

function isUtf8Type(type: string): boolean {
  if (type === 'application/json') return true;
  return [...type.matchAll(CHARSET)].every(([, charset]) => charset?.toLowerCase() === 'utf-8');
}

function parsed(text: string): unknown {
  try {
    return parseUniqueJson(text);
  } catch {
    // The parser's own message would quote the body.
    throw requestError(400);
  }
}

/** A loop rather than a recursion, so that deep nesting cannot exhaust the stack. */
function reachesPrototype(root: unknown): boolean {
  const values = [root];
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (key === '__proto__') return true;
      if (key === 'constructor' && Object.hasOwn(Object(child), 'prototype')) return true;
      values.push(child);
    }
  }
  return false;
}
