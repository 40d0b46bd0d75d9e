import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ROOT } from '../root.js';
import { contentSecurityPolicy } from './content-security-policy.js';
import { prefersHtml } from './media-type.js';

export interface SignInPool {
  readonly poolId: string;
  /** The issuer, where OpenID Connect discovery finds the sign-in page. */
  readonly authority: string;
  readonly clientIds: readonly string[];
}

export interface SandboxOptions {
  readonly kind: 'graphiql' | 'apollo' | 'off';
  /** Its endpoint, for sign-in by one click; undefined with a configured pool. */
  readonly localPool: string | undefined;
  readonly pools: readonly SignInPool[];
  /** Where the built pages are; for tests. */
  readonly folder?: URL;
}

/** Answers a browser's `GET /graphql`. */
export type SandboxPage = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** The pages of Apollo Sandbox, which only `SANDBOX=apollo` lets in. */
export const APOLLO_STUDIO = 'https://studio.apollographql.com';

const BUILT = new URL('dist/web/', ROOT);
const ASSETS = '/sandbox/assets/';
const PLACE_OF_CONFIG = '<!-- config -->';
/** Seconds. */
const YEAR = 31_536_000;

/** Adds what the page loads, and gives the page; undefined where browsers get none. */
export async function addSandbox(
  app: FastifyInstance,
  options: SandboxOptions,
): Promise<SandboxPage | undefined> {
  if (options.kind === 'off') return undefined;
  app.get('/', leadToSandbox);
  if (options.kind === 'apollo') return apolloPage;
  const folder = options.folder ?? BUILT;
  const template = await readTemplate(new URL('sandbox/index.html', folder));
  if (template === undefined) return unbuiltPage;
  addAssets(app, fileURLToPath(new URL(`.${ASSETS}`, folder)));
  return graphiqlPage(template, options);
}

/** A browser that was given no path. */
function leadToSandbox({ headers }: FastifyRequest, reply: FastifyReply): void {
  if (prefersHtml(headers.accept)) reply.redirect('/graphql');
  else reply.callNotFound();
}

function addAssets(app: FastifyInstance, root: string): void {
  app.get(`${ASSETS}*`, async ({ raw, url }, reply) => {
    const [path = ''] = url.slice(ASSETS.length).split('?');
    const { send } = await import('@fastify/send');
    const { type, statusCode, headers, stream } = await send(raw, path, {
      root,
      index: false,
      dotfiles: 'ignore',
      // Names tell contents, so that a browser never asks for one twice.
      maxAge: YEAR * 1000,
      immutable: true,
    });
    if (type !== 'file') return reply.callNotFound();
    return reply.code(statusCode).headers(headers).send(stream);
  });
}

async function readTemplate(file: URL): Promise<string | undefined> {
  const template = await readFile(file, 'utf8').catch(() => undefined);
  if (template !== undefined && !template.includes(PLACE_OF_CONFIG))
    throw new Error('The built sandbox page has no place for its configuration.');
  return template;
}

function graphiqlPage(template: string, { localPool, pools }: SandboxOptions): SandboxPage {
  const config = { endpoint: '/graphql', localPool: localPool ?? null, pools };
  const html = template.replace(PLACE_OF_CONFIG, () => dataBlock('config', config));
  const policy = contentSecurityPolicy({
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    // The editor's language services.
    'worker-src': ["'self'"],
    // Monaco writes its style sheets, and the places of its lines, into the page as it runs.
    'style-src': ["'self'", "'unsafe-inline'"],
    'font-src': ["'self'", 'data:'],
    'img-src': ["'self'", 'data:'],
    'connect-src': connectSources(localPool, pools),
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  });
  return (_request, reply) => sendPage(reply.header('content-security-policy', policy), html);
}

/** A configured pool's sign-in page may have a domain of its own, which only discovery tells. */
function connectSources(localPool: string | undefined, pools: readonly SignInPool[]): string[] {
  const origins = pools.map(({ authority }) => new URL(authority).origin);
  const others = localPool === undefined ? [...origins, 'https:'] : [localPool];
  return [...new Set(["'self'", ...others])];
}

/** JSON for a page's script, written so that nothing in it can end the element. */
export function dataBlock(id: string, value: unknown): string {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `<script id="${id}" type="application/json">${json}</script>`;
}

const apolloPage: SandboxPage = ({ protocol, host }, reply) => {
  const endpoint = encodeURIComponent(`${protocol}://${host}/graphql`);
  const link = `${APOLLO_STUDIO}/sandbox/explorer?endpoint=${endpoint}`;
  return sendPage(
    reply,
    plainPage(
      `<p>This is a GraphQL endpoint. <a href="${link}">Open it in Apollo Sandbox</a>.</p>`,
    ),
  );
};

const unbuiltPage: SandboxPage = (_request, reply) =>
  sendPage(
    reply,
    plainPage(
      '<p>This is a GraphQL endpoint: send it queries by POST.</p>\n' +
        '<p>The sandbox is not built. Run <code>npm run build</code>, then start the server again.</p>',
    ),
  );

/** Plain, because the policy of all other answers allows neither style nor script. */
function plainPage(body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Lifeguard</title></head>
<body>
<h1>Lifeguard</h1>
${body}
</body>
</html>
`;
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(html);
}
