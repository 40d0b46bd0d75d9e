import { table } from '../markdown.js';
import { coresAsText } from '../stage/cores.js';
import type { Measurement } from '../stage/load.js';
import { type Plot, svgOf } from './plot.js';

/** What a server did with so many clients and people. */
export interface Point {
  readonly clients: number;
  readonly people: number;
  readonly operation: string;
  readonly measured: ReadonlyMap<string, Measurement>;
}

/** What stays while the other grows. */
export interface Fixed {
  readonly people: number;
  readonly clients: number;
}

/** What may grow, and which points show it. */
const AXES = {
  clients: {
    label: 'concurrent clients',
    shows: (point: Point, { people }: Fixed) => point.people === people,
  },
  people: {
    label: 'users',
    shows: (point: Point, { clients }: Fixed) => point.clients === clients,
  },
} as const;
type Axis = keyof typeof AXES;

const FIGURES = {
  cpu: 'CPU of the server, µs an answer',
  perSecond: 'answers a second',
  p99: '99th percentile, ms',
} as const satisfies Partial<Record<keyof Measurement, string>>;
type Figure = keyof typeof FIGURES;

const SHOWN: readonly (readonly [Axis, Figure])[] = [
  ['clients', 'perSecond'],
  ['clients', 'cpu'],
  ['clients', 'p99'],
  ['people', 'cpu'],
  ['people', 'p99'],
];

/** The plots as SVG, by file. */
export function plotsOf(points: readonly Point[], fixed: Fixed): Map<string, string> {
  return new Map(
    operationsOf(points).flatMap((operation) =>
      SHOWN.map(([axis, figure]) => [
        fileOf(operation, axis, figure),
        svgOf(
          plotOf(
            points.filter((point) => point.operation === operation),
            { axis, figure, fixed },
          ),
        ),
      ]),
    ),
  );
}

interface Showing {
  readonly axis: Axis;
  readonly figure: Figure;
  readonly fixed: Fixed;
}

function plotOf(points: readonly Point[], { axis, figure, fixed }: Showing): Plot {
  const { label, shows } = AXES[axis];
  const shown = points.filter((point) => shows(point, fixed)).sort((a, b) => a[axis] - b[axis]);
  const servers = [...(shown[0]?.measured.keys() ?? [])];
  return {
    title: `${points[0]?.operation}: ${FIGURES[figure]}`,
    x: label,
    y: FIGURES[figure],
    series: servers.map((name) => ({
      name,
      points: shown.flatMap(({ measured, [axis]: at }) => {
        const value = measured.get(name)?.[figure];
        return value === undefined ? [] : [[at, value] as const];
      }),
    })),
  };
}

export function reportGrowth(points: readonly Point[], fixed: Fixed): string {
  const { people, clients } = fixed;
  const plots = operationsOf(points).flatMap((operation) =>
    SHOWN.map(
      ([axis, figure]) =>
        `![${operation}: ${FIGURES[figure]}, by ${AXES[axis].label}](growth/${fileOf(operation, axis, figure)})`,
    ),
  );
  return `Clients grow with ${people.toLocaleString('en')} users, users with ${clients} clients; peers verify the token and read the user at every
request, as in table (a); ${coresAsText()}.

${table(
  [
    'operation',
    'users',
    'clients',
    'server',
    'answers a second',
    'CPU, µs',
    'p50, ms',
    'p99, ms',
    'busy',
  ],
  points.flatMap(({ operation, people: users, clients: at, measured }) =>
    [...measured].map(([name, { perSecond, cpu, p50, p99, busy }]) => [
      `\`${operation}\``,
      users.toLocaleString('en'),
      at.toLocaleString('en'),
      name,
      Math.round(perSecond).toLocaleString('en'),
      cpu.toFixed(0),
      p50.toFixed(1),
      p99.toFixed(1),
      `${(busy * 100).toFixed(0)}%`,
    ]),
  ),
)}

${plots.join('\n')}
`;
}

function operationsOf(points: readonly Point[]): string[] {
  return [...new Set(points.map(({ operation }) => operation))];
}

function fileOf(operation: string, axis: Axis, figure: Figure): string {
  return `${operation.replaceAll(/\W+/g, '-')}-${axis}-${figure}.svg`;
}
