import { type EntitySpec, type FieldSpec, ordersOf, relationsOf } from '../entity-spec.js';
import { fieldCode } from '../field-code.js';
import { camel, constant } from '../names.js';
import { withImports } from './imports.js';

export function inputsFile(spec: EntitySpec, further: Readonly<Record<string, string>>): string {
  const { name, fields } = spec;
  const row = camel(name);
  const values = fields.filter(({ kind }) => kind !== 'relation');
  return withImports(
    `@InputType()
    export class Create${name}Input {
      ${fields.map((field) => inputField(field, field.nullable)).join('\n\n')}
    }

    @InputType({ description: '${updateSays(values)}' })
    export class Update${name}Input {
      @Field(() => ID)
      id!: string;

      ${values.map((field) => inputField(field, true)).join('\n\n')}
    }

    @InputType()
    export class Delete${name}Input {
      @Field(() => ID)
      id!: string;
    }

    /** What is kept of the inputs. @throws InputError that names the one which breaks its rule */
    export function ${row}Values(input: ${valuesType(spec)}) {
      return {
        ${values.map(kept).join('\n')}
      };
    }

    /** What is kept after a change. @throws InputError that names the one which breaks its rule */
    export function changed${name}(input: Update${name}Input, ${row}: ${name}) {
      return ${row}Values({
        ${values.map((field) => changed(field, row)).join('\n')}
      });
    }`,
    further,
  );
}

/** The order of lists of the entity. */
export function orderFile(spec: EntitySpec, further: Readonly<Record<string, string>>): string {
  const { name } = spec;
  const orders = ordersOf(spec);
  return withImports(
    `export enum ${name}OrderField {
      ${orders.map((order) => `${constant(order)} = '${constant(order)}',`).join('\n')}
    }
    registerEnumType(${name}OrderField, { name: '${name}OrderField' });

    @InputType({ description: 'Those without a value stand last; those that tie go by id.' })
    export class ${name}Order {
      @Field(() => ${name}OrderField)
      field!: ${name}OrderField;

      @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC })
      direction!: OrderDirection;
    }

    /** Each has an index with the id. */
    const PROPERTIES = {
      ${orders.map((order) => `${constant(order)}: '${order}',`).join('\n')}
    } as const satisfies Record<${name}OrderField, keyof ${name}>;

    /** The newest first unless asked otherwise. */
    export function keysetOrder(orderBy: ${name}Order | null | undefined): KeysetOrder<${name}> {
      if (orderBy == null) return { by: 'createdAt', direction: 'desc' };
      const { field, direction } = orderBy;
      return { by: PROPERTIES[field], direction: direction === OrderDirection.ASC ? 'asc' : 'desc' };
    }`,
    further,
  );
}

function inputField(field: FieldSpec, optional: boolean): string {
  const { input, typescript, graphql, description } = fieldCode(field);
  const options = [
    ...(optional ? ['nullable: true'] : []),
    ...(description === undefined ? [] : [`description: '${description}'`]),
  ];
  return `@Field(() => ${graphql}${options.length > 0 ? `, { ${options.join(', ')} }` : ''})
    ${input}${optional ? `?: ${typescript} | null` : `!: ${typescript}`};`;
}

function updateSays(values: readonly FieldSpec[]): string {
  const nullables = values.some(({ nullable }) => nullable);
  return `What is absent stays as it is${nullables ? '; null removes what may be missing' : ''}.`;
}

function valuesType(spec: EntitySpec): string {
  const given = relationsOf(spec).map((relation) => `'${fieldCode(relation).input}'`);
  const input = `Create${spec.name}Input`;
  return given.length === 0 ? input : `Omit<${input}, ${given.join(' | ')}>`;
}

function kept(field: FieldSpec): string {
  const { name, nullable } = field;
  const given = `input.${name}`;
  const checked = fieldCode(field).checked(given);
  if (!nullable) return `${name}: ${checked},`;
  if (checked === given) return `${name}: ${given} ?? null,`;
  return `${name}: ${given} == null ? null : ${checked},`;
}

function changed({ name, nullable }: FieldSpec, row: string): string {
  if (!nullable) return `${name}: input.${name} ?? ${row}.${name},`;
  return `${name}: input.${name} === undefined ? ${row}.${name} : input.${name},`;
}
