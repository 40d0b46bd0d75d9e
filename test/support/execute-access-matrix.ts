import type { GraphQLSchema } from 'graphql';
import {
  type Access,
  type AccessRow,
  VIEWER_CLASSES,
  type ViewerClass,
} from '../../src/graphql/access-matrix.js';
import { type Asked, requestOf, type Step } from './probe-request.js';

export type { Step } from './probe-request.js';

/** How to ask for a row as one class of viewer. */
export interface Probe extends Asked {
  /** The answer is null for other reasons than a rule. */
  readonly nullIsTheAnswer?: boolean;
  /** A row of an entity that the probe names, or might find. */
  readonly target?: ProbedRow;
}

export interface ProbedRow {
  readonly id: string;
  /** What the viewer is to the row: whose it is, and whether the rule of its type lets them see it. */
  readonly viewer: 'owner' | 'one who sees' | 'stranger';
  /** Whether the probe names it by its id, so that who may see it has to be answered. */
  readonly isNamed: boolean;
  /** The row as it is kept now; undefined where it is gone. */
  current(): Promise<string | undefined>;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnsweredError[] | undefined;
}

interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: { readonly code?: unknown } | undefined;
}

export interface ExecutedMatrix {
  readonly schema: GraphQLSchema;
  readonly rows: readonly AccessRow[];
  /** Several ways to the same: the best of their answers counts. */
  readonly probe: (
    row: AccessRow,
    viewerClass: ViewerClass,
  ) => Probe | Promise<Probe | readonly Probe[]>;
  readonly execute: (
    viewerClass: ViewerClass,
    request: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
  ) => Promise<Answer>;
}

/** The rows with the access that asking the server has shown: to be compared with those given. */
export async function executeAccessMatrix(matrix: ExecutedMatrix): Promise<readonly AccessRow[]> {
  const observed: AccessRow[] = [];
  for (const row of matrix.rows) {
    const cells: [ViewerClass, Access][] = [];
    for (const viewerClass of VIEWER_CLASSES) {
      cells.push([viewerClass, await observedAccess(row, viewerClass, matrix)]);
    }
    // Each class has a cell.
    const access = Object.fromEntries(cells) as AccessRow['access'];
    observed.push({ ...row, access });
  }
  return observed;
}

const FROM_WORST: readonly Access[] = ['no', 'null', 'own', 'yes'];

async function observedAccess(
  row: AccessRow,
  viewerClass: ViewerClass,
  { schema, probe, execute }: ExecutedMatrix,
): Promise<Access> {
  const ways = [await probe(row, viewerClass)].flat();
  const found: Access[] = [];
  for (const way of ways) {
    // There is no better one.
    if (found.includes('yes')) break;
    // What is only read cannot change.
    const target = way.root === 'Mutation' ? way.target : undefined;
    const before = await target?.current();
    const selects = row.kind === 'operation' ? 'ids' : 'type name';
    const request = requestOf(way, schema, selects);
    const answer = await execute(viewerClass, request);
    const isTouched = before !== (await target?.current());
    try {
      found.push(
        row.kind === 'field' || way.steps.length > 1
          ? accessOfField(answer, way)
          : accessOfOperation(answer, way, { expected: row.access[viewerClass], isTouched }),
      );
    } catch (error) {
      throw new Error(
        `${row.coordinate} as ${viewerClass}: ${String(error)}\n${request.query}\n${JSON.stringify([request.variables, answer])}`,
        { cause: error },
      );
    }
  }
  return FROM_WORST.findLast((access) => found.includes(access)) ?? 'no';
}

interface Expectation {
  readonly expected: Access;
  /** The row that the probe names is another than before, or gone. */
  readonly isTouched: boolean;
}

/** What it finds has rows of its own; a resolver may well not like the arguments of a probe. */
function accessOfOperation(
  { data, errors = [] }: Answer,
  { target, root }: Probe,
  { expected, isTouched }: Expectation,
): Access {
  if (data === undefined && errors.length > 0 && errors.every(isRefusal)) return 'no';
  if (data === undefined) throw new Error('It was not executed, for another reason than a rule.');
  if (!errors.every((error) => error.path && !isInternal(error))) throw new Error('It failed.');
  if (target?.viewer === 'stranger' && (isTouched || JSON.stringify(data).includes(target.id)))
    throw new Error("It gave away or changed somebody else's row.");
  const isFound = !errors.some(isNotFound) && Object.values(Object(data)).some((it) => it !== null);
  const hasToBeFound =
    target?.isNamed &&
    (target.viewer === 'owner' || (target.viewer !== 'stranger' && root !== 'Mutation'));
  if (hasToBeFound && !isFound && !errors.some(isBadInput)) return 'no';
  return expected === 'own' ? 'own' : 'yes';
}

function accessOfField({ data, errors = [] }: Answer, probe: Probe): Access {
  const isHidden = (error: AnsweredError) => isRefusal(error) || isNotFound(error);
  if (errors.length > 0 && errors.every(isHidden)) return 'no';
  if (errors.length > 0) throw new Error('The field failed for another reason than a rule.');
  const [found] = Object.values(Object(data));
  // Somebody else's row is not found, as if it were not there.
  if (found === null && probe.target?.isNamed) return 'no';
  if (probe.nullIsTheAnswer) return 'yes';
  return valueAt(data, probe.steps) === null ? 'null' : 'yes';
}

function isRefusal({ extensions }: AnsweredError): boolean {
  return extensions?.code === 'FORBIDDEN' || extensions?.code === 'UNAUTHENTICATED';
}

function isNotFound({ extensions }: AnsweredError): boolean {
  return extensions?.code === 'NOT_FOUND';
}

function isBadInput({ extensions }: AnsweredError): boolean {
  return extensions?.code === 'BAD_USER_INPUT';
}

function isInternal({ extensions }: AnsweredError): boolean {
  return extensions?.code === undefined || extensions.code === 'INTERNAL_SERVER_ERROR';
}

/** Follows the steps, through lists by their first item; null as soon as something is null. */
function valueAt(data: unknown, steps: readonly Step[]): unknown {
  let value = data;
  for (const { field } of steps) {
    const object = firstOf(value);
    if (object === null) return null;
    value = typeof object === 'object' ? Reflect.get(object, field) : undefined;
    if (value === undefined) throw new Error(`There is no ${field} to look at.`);
  }
  return value;
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? firstOf(value[0]) : value;
}
