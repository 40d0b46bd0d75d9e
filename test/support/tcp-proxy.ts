import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';

/** Where connections lead to, such as a database. */
export interface TcpTarget {
  readonly host: string;
  readonly port: number;
}

/** Stands in front of something that speaks TCP, and is as unreliable as it is told to be. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open. */
  readonly connections: number;
  /** From now on connections lead elsewhere; those that are open stay. */
  lead(target: TcpTarget): void;
  /** Resets what is open. */
  cut(): void;
  /** Nobody new is let in, as where nothing listens. */
  refuse(): Promise<void>;
  /** Connections are made and stay, and nothing that is sent arrives, as behind a firewall that drops packets. */
  swallow(): void;
  /** All is well again, but for what was swallowed: that is lost, and so is its connection. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function startTcpProxy(first: TcpTarget): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let target = first;
  let isSwallowing = false;

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    return socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  }

  function pass(client: Socket): void {
    keep(client);
    // Of one that came while packets were lost nobody ever hears.
    if (isSwallowing) return void client.resume();
    const upstream = keep(new Socket()).connect(target);
    let isLost = false;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (chunk) => {
        isLost ||= isSwallowing;
        if (!isLost) to.write(chunk);
      });
      from.on('end', () => !isLost && !isSwallowing && to.end());
      from.on('close', () => !isLost && !isSwallowing && to.destroy());
    }
    client.on('close', () => upstream.destroy());
  }

  let server = await listening(0, pass);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const shut = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    if (sockets.size === 0) await closed;
  };
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port,
    get connections() {
      return sockets.size;
    },
    lead: (next) => {
      target = next;
    },
    cut,
    refuse: shut,
    swallow: () => {
      isSwallowing = true;
    },
    mend: async () => {
      isSwallowing = false;
      if (!server.listening) server = await listening(port, pass);
    },
    close: async () => {
      cut();
      await shut();
    },
  };
}

async function listening(port: number, pass: (client: Socket) => void): Promise<Server> {
  const server = createServer(pass);
  server.listen(port, HOST);
  await once(server, 'listening');
  return server;
}
