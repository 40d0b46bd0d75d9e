import { statfs } from 'node:fs/promises';
import { Gauge, type Registry } from '@prometheus-io/client';
import {
  type ConnectionCounts,
  connectionCounter,
  databaseSize,
} from '../database/connection-counts.js';
import { walkAges } from '../directory/index.js';
import type { App } from '../request/app.js';
import { unlessFailed } from './unless-failed.js';

/** Begins to measure the database: its connections, its size, the disk of an embedded one, how old the mirror is. */
export function addDatabaseMetrics(app: App, registry: Registry): void {
  const registers = [registry];
  let counts: (() => ConnectionCounts) | undefined;
  void unlessFailed(app, async () => {
    counts = await connectionCounter(app.orm);
  });
  new Gauge({
    name: 'lifeguard_database_connections',
    help: 'Connections of this server to PostgreSQL, in use or idle, and whoever waits for one; the embedded database has none.',
    labelNames: ['state'],
    registers,
    // At once, before the other metrics ask the database: their own statements are none of it.
    collect() {
      if (counts === undefined) return;
      const { inUse, idle, waiting } = counts();
      this.set({ state: 'in_use' }, inUse);
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  new Gauge({
    name: 'lifeguard_database_size_bytes',
    help: 'Bytes that the database takes.',
    aggregator: 'max',
    registers,
    collect() {
      return unlessFailed(app, async () => this.set(await databaseSize(app.orm)));
    },
  });
  new Gauge({
    name: 'lifeguard_disk_free_ratio',
    help: 'The share of the disk of DATA_DIR that is free, 0 to 1, where the database is embedded.',
    registers,
    async collect() {
      this.reset();
      if (app.config.databaseUrl !== undefined) return this.remove();
      await unlessFailed(app, async () => {
        const { bavail, blocks } = await statfs(app.config.dataDir).catch(() => statfs('.'));
        this.set(bavail / blocks);
      });
    },
  });
  new Gauge({
    name: 'lifeguard_pool_walk_age_seconds',
    help: 'How long ago the last complete walk through a pool began, which read whatever the mirror has of it; none: it is under way still.',
    aggregator: 'max',
    labelNames: ['pool'],
    registers,
    async collect() {
      this.reset();
      await unlessFailed(app, async () => {
        for (const { poolId: pool, seconds } of await walkAges(app.orm))
          this.set({ pool }, seconds);
      });
    },
  });
}
