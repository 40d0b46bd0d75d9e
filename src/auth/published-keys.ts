import { type SigningKeys, signingKeys } from './signing-keys.js';

/** Bytes; the set of a Cognito pool has about 1,000. */
const MAX_SIZE = 1_000_000;

/**
 * Fetches and reads a JSON Web Key Set. Redirects are not followed: they could lead to keys that the
 * pool never published.
 * @throws Error whatever the fault; its message names it and quotes nothing of the answer.
 */
export async function publishedKeys(jwksUri: string, signal: AbortSignal): Promise<SigningKeys> {
  const response = await fetch(jwksUri, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal,
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`The answer has the status ${response.status}.`);
  }
  const text = new TextDecoder('utf-8', { fatal: true }).decode(await upToMaxSize(response.body));
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
