import { type EntitySpec, enumsOf, type FieldSpec, parentsOf, relationsOf } from './entity-spec.js';
import { fieldCode } from './field-code.js';
import { camel, kebab } from './names.js';
import type { Fault } from './parse-fields.js';
import type { Project } from './project.js';
import { USED_NAMES } from './templates/imports.js';
import { relatedField, relatedName } from './templates/resolver.js';

/** All that keeps the entity from being made. */
export async function faultsOf(spec: EntitySpec, project: Project): Promise<readonly Fault[]> {
  return [
    ...faultsOfName(spec, project),
    ...(await faultsOfFiles(spec, project)),
    ...faultsOfFields(spec.fields),
    ...faultsOfRelations(spec, project),
    ...faultsOfOwnership(spec, project),
  ];
}

function faultsOfName(spec: EntitySpec, project: Project): readonly Fault[] {
  const { name, plural, table } = spec;
  const faults: Fault[] = [];
  for (const given of [name, plural]) {
    if (/^[A-Z][A-Za-z0-9]*$/.test(given)) continue;
    faults.push(fault(`"${given}" is no name of an entity`, 'Write it like OrderItem'));
  }
  if (name === plural)
    faults.push(fault(`"${name}" is its own plural`, `Give --plural, such as ${name}Items`));
  if (isReserved(name) || [name, plural].some((given) => isTaken(camel(given))))
    faults.push(
      fault(`the name ${name} is reserved`, `Take a more telling one, such as Shop${name}`),
    );
  // Where there is one of that name, there is also what belongs to it.
  for (const type of project.hasType(name) ? [name] : typesOf(spec)) {
    if (project.hasType(type))
      faults.push(fault(`the graph has a type ${type} already`, 'Take another name'));
  }
  for (const [type, field] of fieldsOf(spec)) {
    if (project.hasField(type, field))
      faults.push(fault(`${type} has a field ${field} already`, 'Take another name or --plural'));
  }
  if (project.hasTable(table))
    faults.push(fault(`the database has a table ${table} already`, 'Take another name'));
  return faults;
}

/** Types of the graph that are made, the entity's own first. */
function typesOf(spec: EntitySpec): readonly string[] {
  const { name } = spec;
  return [
    name,
    `${name}Connection`,
    `${name}Edge`,
    `${name}Order`,
    `${name}OrderField`,
    ...['Create', 'Update', 'Delete'].flatMap((action) => [
      `${action}${name}Input`,
      `${action}${name}Payload`,
    ]),
    ...enumsOf(spec).map(({ type }) => type),
  ];
}

/** Fields of other types that are made. */
function fieldsOf(spec: EntitySpec): readonly (readonly [type: string, field: string])[] {
  return [
    ['Query', camel(spec.plural)],
    ...['create', 'update', 'delete'].map((action) => ['Mutation', action + spec.name] as const),
    ...parentsOf(spec).map((parent) => [parent.type, relatedField(spec, parent)] as const),
  ];
}

async function faultsOfFiles({ plural }: EntitySpec, project: Project): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  const paths = [`src/features/${kebab(plural)}`, `test/features/${kebab(plural)}.test.ts`];
  for (const path of paths) {
    if (await project.has(path))
      faults.push(
        fault(`${path} is there already`, 'Move it away, or take another name or --plural'),
      );
  }
  return faults;
}

/** What every entity has, and what JavaScript looks for on an object. */
const OF_EVERY_ENTITY = new Set([
  'id',
  'createdAt',
  'updatedAt',
  'constructor',
  'prototype',
  'then',
]);

/** Of fields that are all as they should be. */
export function faultsOfNoField(fields: readonly FieldSpec[]): readonly Fault[] {
  if (fields.some(({ kind }) => kind !== 'relation')) return [];
  return [fault('the entity has no field of its own', 'Give --fields, such as name:text')];
}

function faultsOfFields(fields: readonly FieldSpec[]): readonly Fault[] {
  const faults: Fault[] = [];
  const names = fields.flatMap((field) => [...new Set([field.name, fieldCode(field).input])]);
  for (const name of new Set(names)) {
    if (names.indexOf(name) !== names.lastIndexOf(name))
      faults.push(fault(`there are two fields ${name}`, 'Leave one out or give it another name'));
    if (!/^[a-z][A-Za-z0-9]*$/.test(name))
      faults.push(fault(`"${name}" is no name of a field`, 'Write it like placedAt'));
    if (OF_EVERY_ENTITY.has(name) || name in Object.prototype || name === 'toJSON')
      faults.push(fault(`every entity has ${name} already`, 'Take another name'));
    if (KEYWORDS.has(name)) faults.push(fault(`the name ${name} is reserved`, 'Take another name'));
  }
  return faults;
}

function faultsOfRelations(spec: EntitySpec, project: Project): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { name, type, nullable } of relationsOf(spec)) {
    if (isTaken(name) || name === camel(spec.name))
      faults.push(fault(`a relation cannot be called ${name}`, 'Take a more telling name'));
    if (type === spec.name && !nullable)
      faults.push(fault(`${name} would need a row before the first`, `Write ${name}:${type}?`));
    if (type === spec.name || project.targets.includes(type)) continue;
    const targets = [...project.targets].sort().join(', ');
    faults.push(fault(`${name} leads to ${type}, which is no entity`, `There are ${targets}`));
  }
  for (const { name, type, values } of enumsOf(spec)) {
    const isBad = values.some((value) => !/^[A-Z][A-Z0-9_]*$/.test(value) || NO_VALUES.has(value));
    if (isBad || new Set(values).size < values.length)
      faults.push(fault(`${name} has values that an enum cannot have`, `Write ${type}(open,paid)`));
    if (isReserved(type)) faults.push(fault(`the name ${type} is reserved`, 'Take another one'));
  }
  const types = typesOf(spec);
  for (const type of new Set(types)) {
    if (types.indexOf(type) !== types.lastIndexOf(type))
      faults.push(fault(`two types would be called ${type}`, 'Give the enum another name'));
  }
  const resolvers = parentsOf(spec).map((parent) => relatedName(spec, parent));
  if (new Set(resolvers).size < resolvers.length)
    faults.push(fault('two lists would have one name', 'Give a relation another name'));
  return faults;
}

function faultsOfOwnership(spec: EntitySpec, project: Project): readonly Fault[] {
  const { ownership, fields } = spec;
  if (ownership.kind === 'person') {
    return fields.some(
      (field) => ['user', 'userId'].includes(fieldCode(field).input) || field.name === 'user',
    )
      ? [fault('--owner makes the field user', 'Give your own field another name')]
      : [];
  }
  if (ownership.kind === 'nobody') return [];
  const { relation } = ownership;
  const found = relationsOf(spec).find(({ name }) => name === relation);
  if (found === undefined)
    return [
      fault(
        `--owner-through: there is no relation ${relation}`,
        `Add ${relation}:Order to --fields`,
      ),
    ];
  if (found.nullable)
    return [fault(`--owner-through: ${relation} may be null`, 'Leave out its "?"')];
  if (found.type === 'User')
    return [fault(`--owner-through: ${relation} is a person`, 'Give --owner instead')];
  if (project.isOwned(found.type)) return [];
  return [
    fault(
      `--owner-through: ${found.type} belongs to nobody`,
      'Give its entity an @Owner() and run npm run generate; or leave it out, and put a rule on the rows by hand (docs/row-rules.md), for every signed-in person sees them then',
    ),
  ];
}

/** Whether a variable of generated code cannot have the name. */
function isTaken(name: string): boolean {
  return KEYWORDS.has(name) || LOCALS.has(name);
}

function isReserved(name: string): boolean {
  return USED_NAMES.has(name) || GLOBALS.has(name) || name.startsWith('__');
}

/** GraphQL, "Enum Value": these are literals; in small letters, which is near enough. */
const NO_VALUES = new Set(['TRUE', 'FALSE', 'NULL']);

const GLOBALS = new Set(
  `Array Boolean Buffer Date Error Function Infinity JSON Map Math Number Object Omit Partial Person Promise Proxy Record
  Reflect RegExp Set String Subscription Symbol TestApi WeakMap`.split(/\s+/),
);

/** ECMAScript, "Keywords and Reserved Words". */
const KEYWORDS = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally
  for function if implements import in instanceof interface let new null package private protected public return static
  super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
);

/** What generated code calls something else. */
const LOCALS = new Set(
  `after afterAll api beforeAll changed changes context counts create created data direction em errors expect field first
  id ids input inputFor keysetOrder kept list node orderBy other page parent parents person remove removeRow rest rows same sql
  staff startApi test uma update uuidOf values viewer`.split(/\s+/),
);

function fault(problem: string, remedy: string): Fault {
  return { problem, remedy };
}
