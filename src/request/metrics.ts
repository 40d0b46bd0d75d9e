import { Registry } from '@prometheus-io/client';
import { perApp } from './per-app.js';

/**
 * Where any part of the server registers what it measures, for `METRICS_PORT`. Names begin with `lifeguard_`;
 * labels hold no names, addresses or ids of people.
 */
export const metricsOf = perApp(() => new Registry());
