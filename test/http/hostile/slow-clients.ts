import { type Bytes, exchange, type RawAnswer } from './exchange.js';

const HEAD =
  'POST /graphql HTTP/1.1\r\nHost: api.example.com\r\nContent-Type: application/json\r\n';

/** Milliseconds between two bytes: none is ever long alone. */
const DRIP = 100;

/** Sends the first bytes at once, and of the rest a byte at a time. */
function drip(first: string, rest: string) {
  return (port: number): Promise<RawAnswer> => {
    const answer = exchange(port, [first], (socket) => {
      let sent = 0;
      const timer = setInterval(() => socket.write(rest.charAt(sent++) || ' '), DRIP);
      socket.once('close', () => clearInterval(timer));
    });
    return answer;
  };
}

const send =
  (...bytes: Bytes) =>
  (port: number) =>
    exchange(port, bytes);

/** Clients that hold a connection, each with the status it is told. */
export const SLOW_CLIENTS: readonly [
  what: string,
  status: number,
  run: (port: number) => Promise<RawAnswer>,
][] = [
  ['nothing', 408, send()],
  ['a request line that does not end', 408, send('POST /graph')],
  ['a head that does not end', 408, send(HEAD)],
  [
    'a head that comes byte by byte',
    408,
    drip('POST', ` /graphql HTTP/1.1\r\n${'X: y\r\n'.repeat(99)}`),
  ],
  ['headers without end, byte by byte', 408, drip(HEAD, 'X-Own: '.padEnd(999, 'x'))],
  ['a body that does not come', 408, send(`${HEAD}Content-Length: 100\r\n\r\n`)],
  ['a body that does not end', 408, send(`${HEAD}Content-Length: 100\r\n\r\n`, '{"query":')],
  [
    'a body that comes byte by byte',
    408,
    drip(`${HEAD}Content-Length: 900\r\n\r\n`, ' '.repeat(900)),
  ],
  [
    'a chunk that does not end',
    408,
    send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '10\r\n{"q'),
  ],
  [
    'chunks without end',
    408,
    drip(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'.repeat(99)),
  ],
  [
    'an answered request and nothing after it',
    200,
    send('GET /livez HTTP/1.1\r\nHost: api.example.com\r\n\r\n'),
  ],
];
