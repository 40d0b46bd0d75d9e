import { comparison } from './comparison/bench.js';
import { directory } from './directory/bench.js';
import { flood } from './flood/flood.js';
import { growth } from './growth/bench.js';
import { profile } from './profile/bench.js';
import { start } from './start/bench.js';
import type { Subject } from './subject.js';
import { workers } from './workers/bench.js';

/** What there is to measure, in the order of RESULTS.md: one line each. */
export const subjects: Readonly<Record<string, Subject>> = {
  peers: comparison,
  profile,
  growth,
  workers,
  directory,
  start,
  flood,
};
