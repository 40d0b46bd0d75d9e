import { createServer, type IncomingMessage } from 'node:http';
import { announceServer } from '../environment.ts';
import { type Profile, pool } from '../people.ts';
import { viewerOf } from '../viewer.ts';

/** No GraphQL at all: what is asked for is told by the text, and answered by one prepared statement. */
const server = createServer(async (request, response) => {
  try {
    const [body, viewer] = await Promise.all([
      bodyOf(request),
      viewerOf(request.headers.authorization),
    ]);
    const { query, variables } = JSON.parse(body) as Asked;
    const answer = JSON.stringify({ data: await answerTo(query, viewer.id, variables) });
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('content-length', Buffer.byteLength(answer));
    response.end(answer);
  } catch (error) {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ message: String(error) }] }));
  }
});
server.listen(0, '127.0.0.1', () => announceServer(server));

interface Asked {
  readonly query: string;
  readonly variables?: { readonly first?: number };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}

async function answerTo(query: string, viewerId: string, variables: Asked['variables']) {
  if (query.includes('users(')) return { users: { nodes: await usersOf(variables?.first ?? 50) } };
  if (!query.includes('profile')) return { me: { id: viewerId } };
  const { rows } = await pool.query<Profile>({
    name: 'profile',
    text: `select attributes->>'name' as name, attributes->>'picture' as picture
           from identity join pool_profile on pool_profile.identity_id = identity.id
           where identity.user_id = $1 and identity.deleted_at is null`,
    values: [viewerId],
  });
  return { me: { id: viewerId, profile: rows[0] ?? null } };
}

async function usersOf(count: number) {
  const { rows } = await pool.query<Profile & { id: string }>({
    name: 'users',
    text: `select u.id, attributes->>'name' as name, attributes->>'picture' as picture
           from (select id, created_at from app_user order by created_at, id limit $1) as u
           join identity on identity.user_id = u.id and identity.deleted_at is null
           join pool_profile on pool_profile.identity_id = identity.id
           order by u.created_at, u.id`,
    values: [count],
  });
  return rows.map(({ id, name, picture }) => ({ id, profile: { name, picture } }));
}
