import { table } from '../markdown.js';
import { coresAsText } from '../stage/cores.js';
import type { Measurement } from '../stage/load.js';
import { RIVAL } from './contenders.js';

/** What each server did, by operation and then by server. */
export type Comparison = ReadonlyMap<string, ReadonlyMap<string, Measurement>>;

export interface Conditions {
  readonly people: number;
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
}

export interface Comparisons {
  readonly none: Comparison;
  readonly remembering: Comparison;
}

export function reportComparison(
  { none, remembering }: Comparisons,
  conditions: Conditions,
): string {
  const { people, connections, rounds, seconds } = conditions;
  return `${people.toLocaleString('en')} users in one PostgreSQL, ${connections} connections, each with a person's token of its own;
servers take turns, ${rounds} rounds of as many requests as take each of them ${seconds} seconds of CPU; medians are shown; ${coresAsText()}.
Every answer was compared before: the same people, the same data. *CPU* is what the server's process took for an
answer, in microseconds: the figure to trust on a machine that others use too. *Ratio* is that of CPU with ${RIVAL},
above 1: cheaper than it. *Busy* is the share of the time in which the server had its core, *MB* what of it is in memory.

Lifeguard is as people run it: revocation, live roles, limits, log and metrics on, rules checked, production limits. The
peers do none of that; their statements are as their documentation writes them, those by hand are prepared.

### (a) Peers as their documentation recommends: the token verified and the user read at every request

${tables(none)}

### (b) Peers that remember verified tokens and viewers, as Lifeguard does

${tables(remembering)}
`;
}

function tables(comparison: Comparison): string {
  return [...comparison]
    .map(([operation, measurements]) => {
      const rival = measurements.get(RIVAL);
      const rows = [...measurements].map(([name, { perSecond, cpu, p50, p99, busy, memory }]) => [
        name,
        Math.round(perSecond).toLocaleString('en'),
        rival === undefined ? '' : `${(perSecond / rival.perSecond).toFixed(2)}x`,
        cpu.toFixed(0),
        rival === undefined ? '' : `${(rival.cpu / cpu).toFixed(2)}x`,
        p50.toFixed(1),
        p99.toFixed(1),
        `${(busy * 100).toFixed(0)}%`,
        memory.toFixed(0),
      ]);
      const head = [
        `\`${operation}\``,
        'requests a second',
        'ratio',
        'CPU, µs',
        'ratio',
        'p50, ms',
        'p99, ms',
        'busy',
        'MB',
      ];
      return table(head, rows);
    })
    .join('\n\n');
}
