import { parentPort } from 'node:worker_threads';
import './page/main.js';

/** The client libraries in a plain Node: within jest their arithmetic takes a hundred times as long. */
parentPort?.on('message', async (call: Parameters<typeof callLibrary>[0]) => {
  parentPort?.postMessage(await callLibrary(call));
});
