import { parentPort } from 'node:worker_threads';
import { ConsoleLogger } from 'aws-amplify/utils';
import './page/main.js';

// It warns of every endpoint but its own.
ConsoleLogger.LOG_LEVEL = 'ERROR';

/** The client libraries in a plain Node: within jest their arithmetic takes a hundred times as long. */
parentPort?.on('message', async (call: Parameters<typeof callLibrary>[0]) => {
  parentPort?.postMessage(await callLibrary(call));
});
