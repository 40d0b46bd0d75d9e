import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallBudget, CognitoUserPool, PoolConnection } from '../../src/user-pool/index.js';

/** Answers every call with one error, in Cognito's protocol: what the local pool cannot be made to say. */
export interface RefusingPool {
  readonly pool: CognitoUserPool;
  answerWith(name: string, message: string): void;
  close(): Promise<void>;
}

export async function startRefusingPool(): Promise<RefusingPool> {
  let answering = { __type: 'InternalErrorException', message: 'Nothing was asked for yet.' };
  const server = createServer((request, response) => {
    request.resume();
    response
      .writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(answering));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const budget = new CallBudget({
    region: 'us-east-1',
    slots: { take: async () => ({ wait: 0, interval: 0 }), pause: async () => undefined },
    share: { interactive: 1, bulk: 1 },
    isThrottled: () => false,
  });
  // It listens on TCP, so the address is no path.
  const { port } = server.address() as AddressInfo;
  const connection = new PoolConnection({
    id: 'us-east-1_Ab12Cd34E',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    budget,
  });
  return {
    pool: new CognitoUserPool(connection),
    answerWith: (name, message) => {
      answering = { __type: name, message };
    },
    close: async () => {
      connection.close();
      budget.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
