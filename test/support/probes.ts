import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { AccessRow, ViewerClass } from '../../src/graphql/access-matrix.js';
import { isRootType } from '../../src/graphql/authorization/elements.js';
import type { Probe, ProbedRow, Step } from './execute-access-matrix.js';
import { argumentsOf, leadsTo, type ValueSource } from './probe-values.js';
import type { ProbedRows, Whose } from './probed-rows.js';
import { sampleValue } from './sample-value.js';

type Field = GraphQLField<unknown, unknown>;

export interface ProbesOptions {
  readonly schema: GraphQLSchema;
  readonly matrix: readonly AccessRow[];
  readonly rows: ProbedRows;
  /** Whether that field answers a viewer of this class with null for other reasons than a rule. */
  readonly nullIsTheAnswer?: (coordinate: string, viewerClass: ViewerClass) => boolean;
}

/** A way from the root to an object of a type. */
interface Way {
  readonly steps: readonly Step[];
  readonly target?: ProbedRow;
}

/** Nobody's and nothing's. */
const NOBODY = '0192f0c1-0000-7000-8000-000000000000';
/** Types between the root and one that is no entity. */
const LONGEST_WAY = 3;

/** How to ask for each row of an access matrix, made of the schema: as the owner for a row of theirs, else for another's. */
export class Probes {
  readonly #options: ProbesOptions;
  #mayHaveChanged = false;

  constructor(options: ProbesOptions) {
    this.#options = options;
  }

  async of(row: AccessRow, viewerClass: ViewerClass): Promise<readonly Probe[]> {
    if (this.#mayHaveChanged) this.#options.rows.doubt();
    const probes = await this.#of(row, viewerClass);
    this.#mayHaveChanged = probes.some(({ root }) => root === 'Mutation');
    return probes;
  }

  async #of({ coordinate, kind }: AccessRow, viewerClass: ViewerClass): Promise<readonly Probe[]> {
    const [typeName = '', name = ''] = coordinate.split(/[.(]/);
    const type = this.#options.schema.getType(typeName);
    if (!isObjectType(type)) return this.#ofInput(coordinate, viewerClass);
    const field = type.getFields()[name];
    if (field === undefined) throw new Error(`There is no ${coordinate}.`);
    const must = kind === 'argument' ? coordinate : undefined;
    if (isRootType(type, this.#options.schema))
      return [await this.#ofOperation(type, field, viewerClass, must)];
    const args = await argumentsOf(typeName, field, this.#sourceFor(typeName, viewerClass, must));
    const ways = await this.#waysTo(type, viewerClass);
    if (ways.length === 0) throw new Error(`No root field and no entity leads to ${typeName}.`);
    const nullIsTheAnswer = this.#options.nullIsTheAnswer?.(coordinate, viewerClass) ?? false;
    return ways.map((way) => ({
      ...way,
      steps: [...way.steps, { field: name, args, on: typeName }],
      nullIsTheAnswer,
    }));
  }

  async #ofInput(coordinate: string, viewerClass: ViewerClass): Promise<readonly Probe[]> {
    const { schema } = this.#options;
    const probes: Probe[] = [];
    for (const root of [schema.getQueryType(), schema.getMutationType()]) {
      for (const field of Object.values(root?.getFields() ?? {})) {
        if (root && field.args.some(({ type }) => leadsTo(type, coordinate)))
          probes.push(await this.#ofOperation(root, field, viewerClass, coordinate));
      }
    }
    if (probes.length === 0) throw new Error(`No root field takes ${coordinate}.`);
    return probes;
  }

  async #ofOperation(
    root: GraphQLObjectType,
    field: Field,
    viewerClass: ViewerClass,
    must: string | undefined,
  ): Promise<Probe> {
    const { schema } = this.#options;
    const isMutation = root === schema.getMutationType();
    const subject = this.#subjectOf(field);
    const isOfPeople = subject === undefined || subject === 'User';
    const source = this.#sourceFor(subject ?? 'User', viewerClass, must);
    let isNamed = false;
    const args = await argumentsOf(root.name, field, {
      ...source,
      idFor: async (name) => {
        // Nobody is made again.
        if (isOfPeople && isMutation) return NOBODY;
        isNamed ||= name === 'id' || name === 'subject';
        return source.idFor(name);
      },
    });
    return {
      root: isMutation ? 'Mutation' : 'Query',
      steps: [{ field: field.name, args }],
      target: await this.#rowOf(subject ?? 'User', viewerClass, isNamed),
    };
  }

  /** The entity that an operation is about: the one that its name ends with, else the one that it answers with. */
  #subjectOf({ name, type }: Field): string | undefined {
    const { types } = this.#options.rows;
    const isNamed = (entity: string) => new RegExp(`${entity}(?:s|es)?$`, 'i').test(name);
    const [named] = types.filter(isNamed).sort((a, b) => b.length - a.length);
    if (named !== undefined) return named;
    const answer = getNamedType(type);
    const answers = isObjectType(answer)
      ? [answer, ...Object.values(answer.getFields()).map((field) => getNamedType(field.type))]
      : [];
    return answers.map((each) => each.name).find((each) => types.includes(each));
  }

  #sourceFor(subject: string, viewerClass: ViewerClass, must: string | undefined): ValueSource {
    const { rows } = this.#options;
    const whose = whoseFor(viewerClass);
    return {
      must,
      idFor: async (name) => {
        if (name === 'subject') return rows.people[whose].subject;
        const relation = name.replace(/Ids?$/, '');
        const target =
          rows.targetOf(subject, relation) ??
          rows.types.find((type) => type.toLowerCase() === relation.toLowerCase());
        if (target !== undefined) return rows.idOf(target, whose);
        return name === 'id' && rows.entity(subject) ? rows.idOf(subject, whose) : NOBODY;
      },
      columnValue: (name) => {
        const column = rows.entity(subject)?.props.find((property) => property.name === name);
        return column && !column.targetMeta ? sampleValue(column) : undefined;
      },
    };
  }

  async #waysTo(type: GraphQLObjectType, viewerClass: ViewerClass, steps = 0): Promise<Way[]> {
    const { rows, schema } = this.#options;
    if (steps > LONGEST_WAY) return [];
    const ways: Way[] = [];
    const isEntity = rows.entity(type.name) !== undefined;
    if (isEntity) ways.push(await this.#wayToRow(type.name, viewerClass));
    for (const parent of Object.values(schema.getTypeMap())) {
      if (!isObjectType(parent) || isIntrospectionType(parent) || parent === type) continue;
      if (parent === schema.getMutationType() || parent === schema.getSubscriptionType()) continue;
      const isRoot = parent === schema.getQueryType();
      // A row is found by its id, and by what other rows lead to.
      if (isEntity && rows.entity(parent.name) === undefined) continue;
      const leading = Object.values(parent.getFields()).filter(
        (field) => getNamedType(field.type) === type,
      );
      for (const field of leading) {
        const parents = isRoot
          ? [{ steps: [] }]
          : await this.#waysToParent(parent, viewerClass, steps);
        const source = this.#sourceFor(parent.name, viewerClass, undefined);
        const args = await argumentsOf(parent.name, field, source);
        const step = { field: field.name, args, ...(!isRoot && { on: parent.name }) };
        ways.push(...parents.map((way) => ({ ...way, steps: [...way.steps, step] })));
      }
    }
    return ways;
  }

  async #waysToParent(parent: GraphQLObjectType, viewerClass: ViewerClass, steps: number) {
    if (this.#options.rows.entity(parent.name) === undefined)
      return this.#waysTo(parent, viewerClass, steps + 1);
    return [await this.#wayToRow(parent.name, viewerClass)];
  }

  async #wayToRow(type: string, viewerClass: ViewerClass): Promise<Way> {
    const target = await this.#rowOf(type, viewerClass, true);
    return { steps: [{ field: 'node', args: { id: target.id } }], target };
  }

  async #rowOf(type: string, viewerClass: ViewerClass, isNamed: boolean): Promise<ProbedRow> {
    const { rows, matrix } = this.#options;
    const id = await rows.idOf(type, whoseFor(viewerClass));
    const ruled = matrix.find(({ coordinate }) => coordinate === `${type}.id`);
    const sees = ruled === undefined || ruled.access[viewerClass] === 'yes';
    const viewer = viewerClass === 'owner' ? 'owner' : sees ? 'one who sees' : 'stranger';
    return { id, viewer, isNamed, current: () => rows.current(type, id) };
  }
}

function whoseFor(viewerClass: ViewerClass): Whose {
  return viewerClass === 'owner' ? 'own' : 'other';
}
