import { isDeepStrictEqual } from 'node:util';
import { bodyOf, type Operation, operations } from '../stage/operations.js';
import type { Server } from '../stage/server.js';

/** @throws Error where a server answers otherwise than the first one: what differs is not compared. */
export async function expectSameAnswers(
  servers: readonly Server[],
  tokens: readonly string[],
): Promise<void> {
  const [first, ...others] = servers;
  if (first === undefined) return;
  for (const operation of operations) {
    for (const token of tokens) {
      const expected = await dataOf(first, operation, token);
      for (const other of others) {
        const found = await dataOf(other, operation, token);
        if (isDeepStrictEqual(found, expected)) continue;
        throw new Error(
          `${other.name} answers otherwise than ${first.name} to ${operation.query}:\n` +
            `${JSON.stringify(found).slice(0, 500)}\n${JSON.stringify(expected).slice(0, 500)}`,
        );
      }
    }
  }
}

async function dataOf({ url, name }: Server, operation: Operation, token: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: bodyOf(operation),
  });
  const answer: unknown = await response.json();
  if (response.ok && typeof answer === 'object' && answer !== null && 'data' in answer)
    return answer.data;
  throw new Error(`${name}: ${response.status} ${JSON.stringify(answer)}`);
}
