import { table } from '../markdown.js';
import type { Measurement } from '../stage/load.js';
import { functionOf, placeOf } from './places.js';
import type { Sampled } from './samples.js';

/** What ran in the server while it answered one operation. */
export interface OperationProfile {
  readonly operation: string;
  readonly sampled: readonly Sampled[];
  readonly measured: Measurement;
}

/** How many places and functions are shown. */
const SHOWN = 15;

/** What is no work. */
const IDLE = '(idle)';

export function reportProfile(profiles: readonly OperationProfile[]): string {
  return `The main thread of Lifeguard under 50 connections, by V8's sampling profiler (\`--cpu-prof\`, every 0.5 ms), after a
warm-up: the shares of what functions take themselves, without what they call, of the CPU time that the process took for an
answer, profiler included, in microseconds.

${profiles.map(section).join('\n\n')}
`;
}

function section({ operation, sampled, measured: { cpu } }: OperationProfile): string {
  const working = sampled.filter(({ functionName }) => functionName !== IDLE);
  const total = sumOf(working);
  const shown = (by: (of: Sampled) => string) =>
    [...Map.groupBy(working, by)]
      .map(([name, of]) => [name, sumOf(of)] as const)
      .sort(([, a], [, b]) => b - a)
      .slice(0, SHOWN)
      .map(([name, time]) => [
        `\`${name}\``,
        ((time / total) * cpu).toFixed(1),
        `${((time / total) * 100).toFixed(1)}%`,
      ]);
  return `### \`${operation}\`: ${cpu.toFixed(0)} µs

${table(['package or folder', 'µs', 'share'], shown(placeOf))}

${table(['function', 'µs', 'share'], shown(functionOf))}`;
}

function sumOf(sampled: readonly Sampled[]): number {
  return sampled.reduce((sum, { microseconds }) => sum + microseconds, 0);
}
