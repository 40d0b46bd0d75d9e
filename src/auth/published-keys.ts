import * as http from 'node:http';
import * as https from 'node:https';
import { type SigningKeys, signingKeys } from './signing-keys.js';

/** Bytes; the set of a Cognito pool has about 1,000. */
const MAX_SIZE = 1_000_000;

/**
 * Fetches and reads a JSON Web Key Set. Redirects are not followed: they could lead to keys that the
 * pool never published. Not by `fetch`, which loads a client of its own and takes each start 50 ms more.
 * @throws Error whatever the fault; its message names it and quotes nothing of the answer.
 */
export async function publishedKeys(jwksUri: string, signal: AbortSignal): Promise<SigningKeys> {
  try {
    return readKeys(await answerOf(jwksUri, signal));
  } catch (error) {
    // An error of what was aborted does not tell why.
    signal.throwIfAborted();
    throw error;
  }
}

async function answerOf(jwksUri: string, signal: AbortSignal): Promise<Buffer> {
  const { get } = jwksUri.startsWith('https:') ? https : http;
  const options = { headers: { accept: 'application/json' }, signal };
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    get(jwksUri, options, resolve).on('error', reject);
  });
  if (response.statusCode === 200) return upToMaxSize(response);
  response.destroy();
  throw new Error(`The answer has the status ${response.statusCode}.`);
}

function readKeys(answer: Buffer): SigningKeys {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(answer);
  try {
    return signingKeys(text);
  } catch (error) {
    // JSON.parse quotes what it could not read.
    if (error instanceof SyntaxError) throw new Error('The answer is no JSON.');
    throw error;
  }
}

/** Stops reading as soon as there is too much, whatever length was announced. */
async function upToMaxSize(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_SIZE) throw new Error(`The answer has more than ${MAX_SIZE} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
