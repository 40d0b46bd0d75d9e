import { type Stage, startLifeguard } from '../stage/lifeguard.js';
import { fromRoot } from '../stage/root.js';
import { type Server, startServer } from '../stage/server.js';
import { UsageError } from '../subject.js';

/** The folder of each peer, and how it is called. */
const PEERS = {
  mercurius: 'mercurius, JIT',
  yoga: 'graphql-yoga',
  postgraphile: 'PostGraphile',
  'apollo-server': 'Apollo Server',
  'hand-written': 'node:http + pg',
} as const;

export type Peer = keyof typeof PEERS;

// The table names all of them, and nothing else.
const ALL = Object.keys(PEERS) as Peer[];

/**
 * The peers of these names, all of them where there is none.
 * @throws UsageError for a name that no peer has
 */
export function peersOf(names: readonly string[]): readonly Peer[] {
  const stranger = names.find((name) => !Object.hasOwn(PEERS, name));
  if (stranger !== undefined)
    throw new UsageError(`${stranger} is no peer. Peers are: ${ALL.join(', ')}.`);
  return names.length === 0 ? ALL : ALL.filter((peer) => names.includes(peer));
}

/** What others are compared with. */
export const RIVAL = PEERS.mercurius;

/** What the peers remember: nothing, or what Lifeguard remembers. */
export type Memory = 'none' | 'tokens and viewers';

/** Starts Lifeguard and the peers, all on the same database and pool. */
export async function startContenders(
  stage: Stage,
  memory: Memory,
  peers: readonly Peer[],
): Promise<readonly Server[]> {
  const servers: Server[] = [];
  try {
    servers.push(await startLifeguard(stage));
    for (const peer of peers) servers.push(await startPeer(peer, stage, memory));
    return servers;
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}

async function startPeer(
  peer: Peer,
  { pool, databaseUrl, folder }: Stage,
  memory: Memory,
): Promise<Server> {
  return startServer({
    name: PEERS[peer],
    folder,
    args: [fromRoot(`bench/peers/${peer}/server.ts`)],
    environment: {
      DATABASE_URL: databaseUrl,
      ISSUER: pool.issuer,
      CLIENT_ID: pool.clientId,
      REMEMBERS: memory === 'none' ? 'no' : 'yes',
    },
  });
}
