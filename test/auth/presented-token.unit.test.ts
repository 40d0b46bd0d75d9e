import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { keepPresentedToken, presentedToken } from '../../src/auth/presented-token.js';
import type { PersonViewer } from '../../src/auth/viewer.js';
import { createLog } from '../../src/log/index.js';
import { CLAIMS } from '../http/fixture-server.js';

const newViewer = (): PersonViewer => ({
  kind: 'person',
  token: CLAIMS,
  userId: '0192f0c1-0000-7000-8000-000000000000',
  roles: new Set(),
  scopes: new Set(),
  tokenStale: false,
});

test('a viewer shows the token to whoever asks for it, and to nothing else', () => {
  const viewer = newViewer();
  keepPresentedToken(viewer, 'the-secret-token');
  expect(presentedToken(viewer)).toBe('the-secret-token');
  const lines: string[] = [];
  createLog({ level: 'trace', destination: { write: (line) => lines.push(line) } }).info({
    viewer,
  });
  for (const shown of [
    JSON.stringify({ viewer }),
    inspect(viewer, { depth: null, showHidden: true, getters: true }),
    JSON.stringify(structuredClone(viewer)),
    lines.join(''),
  ])
    expect(shown).not.toContain('the-secret-token');
});

test('a viewer who came without one has none', () => {
  expect(() => presentedToken(newViewer())).toThrow('This viewer came without a token.');
});
