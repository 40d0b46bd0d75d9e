import { Histogram } from '@prometheus-io/client';
import DataLoader from 'dataloader';
import type { App } from './app.js';
import { metricsOf } from './metrics.js';
import { perApp } from './per-app.js';

/** Keys that loaders read at once. */
export const batchSizesOf = perApp(
  (app) =>
    new Histogram({
      name: 'lifeguard_loader_batch_size',
      help: 'Keys that a loader read at once; many batches of one key are a sign of a loop.',
      labelNames: ['loader'],
      buckets: [1, 2, 5, 10, 20, 50, 100],
      registers: [metricsOf(app)],
    }),
);

/**
 * A loader of the request, whose batches are measured.
 * @param name of what it loads, for the metrics
 */
export function batchLoader<Key, Value>(
  { app }: { readonly app: App },
  name: string,
  load: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
): DataLoader<Key, Value> {
  const isMeasured = app.config.metricsPort !== undefined;
  return new DataLoader<Key, Value>((keys) => {
    if (isMeasured) batchSizesOf(app).observe({ loader: name }, keys.length);
    return load(keys);
  });
}
