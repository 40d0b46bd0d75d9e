import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { prefersHtml } from '../../src/http/media-type.js';
import type { SandboxOptions } from '../../src/http/sandbox.js';
import { type FixtureServer, fixtureServer, post } from './fixture-server.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8';
const LOCAL_POOL = 'http://127.0.0.1:4001';
const localPool: Partial<SandboxOptions> = {
  kind: 'graphiql',
  localPool: LOCAL_POOL,
  pools: [
    {
      poolId: 'us-east-1_Local',
      authority: `${LOCAL_POOL}/us-east-1_Local`,
      clientIds: ['</script><script>alert(1)</script>', "$&$'$`"],
    },
  ],
};
const awsPool: Partial<SandboxOptions> = {
  kind: 'graphiql',
  pools: [
    {
      poolId: 'eu-west-1_Ab12Cd34E',
      authority: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E',
      clientIds: ['client'],
    },
  ],
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-pages-'));
  await mkdir(join(folder, 'sandbox/assets'), { recursive: true });
  await writeFile(
    join(folder, 'sandbox/index.html'),
    '<!doctype html><head><!-- config --><script type="module" src="/sandbox/assets/main-1.js"></script></head>',
  );
  await writeFile(join(folder, 'sandbox/assets/main-1.js'), 'export {};');
  await writeFile(join(folder, 'sandbox/assets/.hidden'), 'hidden');
  await writeFile(join(folder, 'secret.txt'), 'secret');
});
afterAll(() => rm(folder, { recursive: true }));

async function withSandbox(sandbox: Partial<SandboxOptions>): Promise<FixtureServer> {
  return fixtureServer({ sandbox: { folder: pathToFileURL(`${folder}/`), ...sandbox } });
}

async function pageOf(sandbox: Partial<SandboxOptions>, host = 'localhost:4000') {
  const { app } = await withSandbox(sandbox);
  const answer = await app.inject({ url: '/graphql', headers: { accept: BROWSER, host } });
  await app.close();
  return answer;
}

describe('A browser that goes to /graphql', () => {
  test('gets the built page, which no cache keeps', async () => {
    const { statusCode, headers, body } = await pageOf(localPool);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain('src="/sandbox/assets/main-1.js"');
  });

  test('may run scripts of this origin alone and reach only the local pool besides', async () => {
    const { headers } = await pageOf(localPool);
    expect(String(headers['content-security-policy']).split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "font-src 'self' data:",
      "img-src 'self' data:",
      `connect-src 'self' ${LOCAL_POOL}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(headers['x-frame-options']).toBe('DENY');
  });

  test('may reach the domain of a configured pool, which is not known here', async () => {
    const { headers } = await pageOf(awsPool);
    expect(headers['content-security-policy']).toContain(
      "connect-src 'self' https://cognito-idp.eu-west-1.amazonaws.com https:;",
    );
  });

  test.each([
    ['the local pool', localPool, LOCAL_POOL],
    ['a configured pool', awsPool, null],
  ])('is told of %s in a block that no value can end', async (_what, options, endpoint) => {
    const { body } = await pageOf(options);
    const block = /<script id="config" type="application\/json">(.*?)<\/script>/.exec(body)?.[1];
    expect(block).not.toMatch(/[<>&]/);
    expect(JSON.parse(block ?? '')).toEqual({
      endpoint: '/graphql',
      localPool: endpoint,
      pools: options.pools,
    });
    expect(body.match(/<script/g)).toHaveLength(2);
  });

  test('gets it with the answer of a sign-in page too', async () => {
    const { app } = await withSandbox(localPool);
    const url = '/graphql?code=0123&state=4567';
    const answer = await app.inject({ url, headers: { accept: BROWSER } });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).not.toContain('0123');
    await app.close();
  });

  test('is told what builds the page where it is missing', async () => {
    const answer = await pageOf({ ...localPool, folder: pathToFileURL(`${folder}/nowhere/`) });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('<code>npm run build</code>');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('gets the answer of any client where the sandbox is off', async () => {
    const answer = await pageOf({ ...localPool, kind: 'off' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].extensions.code).toBe('BAD_REQUEST');
  });
});

describe('A browser that goes to /', () => {
  test.each(['graphiql', 'apollo'] as const)('is led to the sandbox: %s', async (kind) => {
    const { app } = await withSandbox({ ...localPool, kind });
    const headers = { accept: BROWSER, host: 'localhost:4000' };
    const answer = await app.inject({ url: '/?next=//example.com', headers });
    expect(answer.statusCode).toBe(302);
    expect(answer.headers).toMatchObject({
      location: '/graphql',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    await app.close();
  });

  test.each<[string, Partial<SandboxOptions>, object]>([
    ['any client', localPool, { headers: { accept: '*/*' } }],
    ['a client that says nothing', localPool, {}],
    ['whoever posts', localPool, { method: 'POST', headers: { accept: BROWSER } }],
    ['a browser elsewhere', localPool, { url: '/elsewhere', headers: { accept: BROWSER } }],
    ['a browser where the sandbox is off', { kind: 'off' }, { headers: { accept: BROWSER } }],
  ])('alone is led anywhere: %s finds nothing', async (_who, options, request) => {
    const { app } = await withSandbox(options);
    const answer = await app.inject({ url: '/', ...request });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.json().errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    await app.close();
  });
});

describe('What the page loads', () => {
  let server: FixtureServer;
  beforeAll(async () => {
    server = await withSandbox(localPool);
  });
  afterAll(() => server.app.close());

  test('is kept for good, as its name tells its content', async () => {
    const answer = await server.app.inject('/sandbox/assets/main-1.js');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
  });

  test.each([
    '/sandbox/assets/missing.js',
    '/sandbox/assets/',
    '/sandbox/assets',
    '/sandbox/assets/.hidden',
    '/sandbox/index.html',
    '/sandbox/',
    '/sandbox/assets/%2e%2e/index.html',
    '/sandbox/assets/..%2f..%2fsecret.txt',
    '/sandbox/assets/..%5c..%5csecret.txt',
    '/sandbox/assets/%00',
  ])('is nothing else: %s', async (url) => {
    const answer = await server.app.inject(url);
    expect([400, 403, 404]).toContain(answer.statusCode);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json().errors).toHaveLength(1);
    expect(answer.body).not.toMatch(/secret|hidden/);
  });

  test('is nothing else, whatever path comes over the wire', async () => {
    const socket = connect(await server.listen(), '127.0.0.1');
    socket.write(
      'GET /sandbox/assets/../../secret.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 40[034] /);
    expect(answer).not.toContain('secret');
  });
});

describe('Clients of the API see nothing of the sandbox:', () => {
  test.each([
    ['no Accept', {}],
    ['any type', { accept: '*/*' }],
    ['JSON', { accept: 'application/json' }],
    ['JSON before HTML', { accept: 'application/json, text/html' }],
    ['JSON rather than HTML', { accept: 'text/html;q=0.5, application/json' }],
  ])('a GET that accepts %s', async (_what, headers) => {
    const url = '/graphql?query=%7Bhello%7D';
    const json = { 'content-type': 'application/json' };
    const [on, off] = await Promise.all(
      [localPool, { ...localPool, kind: 'off' as const }].map(withSandbox),
    );
    const answers = await Promise.all(
      [on, off].map((server) => server?.app.inject({ url, headers: { ...json, ...headers } })),
    );
    expect(answers[0]?.json()).toEqual({ data: { hello: 'world' } });
    expect(answers[0]?.body).toBe(answers[1]?.body);
    await Promise.all([on?.app.close(), off?.app.close()]);
  });

  test('a POST that accepts HTML', async () => {
    const server = await withSandbox(localPool);
    const answer = await post(server, { query: '{ hello }' }, { accept: BROWSER });
    expect(answer.json()).toEqual({ data: { hello: 'world' } });
    await server.app.close();
  });

  test.each(['HEAD', 'PUT', 'DELETE'] as const)('%s', async (method) => {
    const { app } = await withSandbox(localPool);
    const answer = await app.inject({ method, url: '/graphql', headers: { accept: BROWSER } });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('GET, POST');
    await app.close();
  });

  test('a bad token is refused before any page', async () => {
    const { app } = await withSandbox(localPool);
    const headers = { accept: BROWSER, authorization: 'Bearer bad' };
    const answer = await app.inject({ url: '/graphql', headers });
    expect(answer.statusCode).toBe(401);
    await app.close();
  });
});

describe('SANDBOX=apollo', () => {
  test('gives a link to Apollo Sandbox for this endpoint, without a script', async () => {
    const { body, headers } = await pageOf({ kind: 'apollo' });
    expect(body).toContain(
      'href="https://studio.apollographql.com/sandbox/explorer?endpoint=http%3A%2F%2Flocalhost%3A4000%2Fgraphql"',
    );
    expect(body).not.toContain('<script');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  test.each([
    ['apollo', 200],
    ['graphiql', 403],
  ] as const)('%s answers the pages of Apollo Sandbox with %i', async (kind, status) => {
    const server = await withSandbox({ kind });
    const origin = 'https://studio.apollographql.com';
    const answer = await post(server, { query: '{ hello }' }, { origin });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBe(status === 200 ? origin : undefined);
    await server.app.close();
  });
});

test.each([
  [undefined, false],
  ['*/*', false],
  ['text/html', true],
  ['text/*', true],
  [BROWSER, true],
  ['text/html, application/json', true],
  ['application/json, text/html', false],
  ['application/graphql-response+json, text/html', false],
  ['text/html;q=0', false],
])('who accepts %p prefers a page: %p', (accept, expected) => {
  expect(prefersHtml(accept)).toBe(expected);
});
