/** What the run tells each peer, by the environment. */
export const PORT = Number(given('PORT'));
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
