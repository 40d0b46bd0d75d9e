import { expect, test } from '@jest/globals';
import fastify from 'fastify';
import { listenAt } from '../src/listen.js';
import { StartError } from '../src/start-error.js';

test('a host that is none is told with the remedy', async () => {
  const listening = listenAt(fastify(), { host: 'nowhere.invalid', port: 4000, variable: 'PORT' });
  await expect(listening).rejects.toThrow(StartError);
  await expect(listening).rejects.toThrow(
    'Port 4000 of nowhere.invalid cannot be had: set HOST to an address of this machine.',
  );
});
