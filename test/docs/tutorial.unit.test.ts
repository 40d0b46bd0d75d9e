import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Document } from '../support/document.js';
import { freePort } from '../support/free-port.js';
import { COMMANDS, copyOfProject, type ProjectCopy } from '../support/project-copy.js';
import { Follower } from './follow.js';

jest.setTimeout(900_000);

let copy: ProjectCopy;
let scripts: string;
let follower: Follower;
let page: Document;
let environment: Readonly<Record<string, string | undefined>>;

beforeAll(async () => {
  copy = await copyOfProject();
  scripts = await mkdtemp(join(tmpdir(), 'lifeguard-scripts-'));
  page = await Document.read('docs/tutorial.md');
  const ports = new Map<string, string>();
  for (const port of page.text.match(/\b40\d\d\b/g) ?? [])
    if (!ports.has(port)) ports.set(port, String(await freePort()));
  environment = {
    PATH: `${COMMANDS}:${process.env.PATH}`,
    HOME: process.env.HOME,
    NO_COLOR: '1',
    // By its first `npx`, npm builds the project once more: it is built.
    npm_config_ignore_scripts: 'true',
    // What the page has by default.
    PORT: ports.get('4000'),
    LOCAL_POOL_PORT: ports.get('4001'),
    // So that it need not start one of its own.
    TEST_DATABASE_URL: process.env.TEST_DATABASE_URL,
    // Whether a busy machine is slow is not what the page is about.
    SLOW_QUERY_MS: '0',
    GIT_AUTHOR_NAME: 'A reader',
    GIT_AUTHOR_EMAIL: 'reader@example.com',
    GIT_COMMITTER_NAME: 'A reader',
    GIT_COMMITTER_EMAIL: 'reader@example.com',
  };
  follower = new Follower({
    folder: copy.folder,
    environment,
    scripts,
    names: [...ports],
    done: ['npm ci'],
  });
});
afterAll(async () => {
  await follower?.close();
  await rm(scripts, { recursive: true, force: true });
  await copy?.remove();
});

/** What takes the orders away again. */
const LAST = '## 9. Take away what you do not want';
const last = () => page.text.split('\n').indexOf(LAST) + 1;

test('whoever follows docs/tutorial.md gets what it shows', async () => {
  expect(last()).toBeGreaterThan(0);
  expect(page.blocks.length).toBeGreaterThan(30);
  await follower.follow(page, { to: last() });
});

test('the page of orders, which it adds, shows people their own in a browser', async () => {
  const spa = ['examples/spa', '--selectProjects', 'browser', '-t', 'sees their own orders'];
  const { stderr } = await promisify(execFile)('npm', ['test', '--', ...spa], {
    cwd: copy.folder,
    env: environment,
  });
  expect(stderr).toMatch(/^Tests: .*\b1 passed/m);
});

test('they go away again as it says', () => follower.follow(page, { from: last() }));
