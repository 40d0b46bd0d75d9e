import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the run tells each peer, by the environment. */
export const DATABASE_URL = given('DATABASE_URL');
/** Of the pool whose access tokens count, and of its app client. */
export const ISSUER = given('ISSUER');
export const CLIENT_ID = given('CLIENT_ID');
/** Whether verified tokens and the viewers that they stand for are remembered, as Lifeguard does. */
export const REMEMBERS = process.env.REMEMBERS === 'yes';

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: npm run bench starts the peers.`);
  return value;
}

/** Tells the run where this peer listens: at a port that was free. */
export function announce(url: string): void {
  process.stdout.write(`It answers at ${url}\n`);
}

/** The address of a server of `node:http`. */
export function announceServer(server: Server): void {
  // A server that listens on TCP has an address with a port.
  announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
}
