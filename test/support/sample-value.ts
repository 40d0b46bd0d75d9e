import type { EntityProperty } from '@mikro-orm/core';
import { getMetadataStorage } from 'type-graphql';
import { v7 } from 'uuid';

let made = 0;

/** A value that a column takes, another one each time where it is a text, a number or a key. */
export function sampleValue(property: EntityProperty): unknown {
  const number = ++made;
  const [item] = property.items ?? [];
  if (item !== undefined) return property.array ? [item] : item;
  switch (kindOf(property)) {
    case 'uuid':
      return v7();
    case 'text':
      return shortened(sampleText(property.name), property.length);
    case 'boolean':
      return true;
    case 'integer':
      return number;
    case 'bigint':
      return property.runtimeType === 'string' ? String(number) : number;
    case 'decimal':
      return property.runtimeType === 'number' ? number : `${number % 100}.50`;
    case 'float':
      return number + 0.5;
    case 'date':
      return '2026-01-31';
    case 'time':
      return '12:30:00';
    case 'datetime':
      return new Date();
    case 'json':
      return { number };
    case 'array':
      return [`${property.name} ${number}`];
    case 'bytes':
      return Buffer.from([number % 256]);
  }
}

const KINDS = [
  ['uuid', /^uuid$/],
  ['array', /\[\]$|^array$/],
  ['text', /^(?:string|text|character|varchar|char)/],
  ['boolean', /^bool/],
  ['bigint', /^(?:bigint|int8)/],
  ['integer', /^(?:smallint|tinyint|mediumint|int|serial|number)/],
  ['decimal', /^(?:decimal|numeric)/],
  ['float', /^(?:float|double|real)/],
  ['datetime', /^(?:datetime|timestamp|Date$)/],
  ['date', /^date$/],
  ['time', /^time/],
  ['json', /^(?:json|object|unknown)/],
  ['bytes', /^(?:blob|bytea|uint8array|Buffer)/],
] as const;

function kindOf({ name, type, columnTypes }: EntityProperty): (typeof KINDS)[number][0] {
  for (const named of [type, ...(columnTypes ?? [])]) {
    const kind = KINDS.find(([, pattern]) => pattern.test(named));
    if (kind !== undefined) return kind[0];
  }
  throw new TypeError(`There is no sample for ${name}, of type ${type}: give a value.`);
}

/** The first value of the enum that the graph shows a property as; undefined where it shows none. */
export function sampleOfEnum(entity: object, property: string): unknown {
  const { fields, enums } = getMetadataStorage();
  const field = fields.find(({ target, name }) => target === entity && name === property);
  const type: unknown = field?.getType();
  const known = enums.find(({ enumObj }) => enumObj === type);
  return known && Object.values(known.enumObj)[0];
}

/** By what the name promises, another one each time. */
export function sampleText(name: string): string {
  const number = ++made;
  if (/e-?mail/i.test(name)) return `sample-${number}@example.com`;
  if (/phone/i.test(name)) return `+351210${String(number).padStart(6, '0')}`;
  if (/ur[il]$|website|link|picture/i.test(name)) return `https://example.com/${number}`;
  if (/currency$/i.test(name)) return 'EUR';
  if (/country$/i.test(name)) return 'PT';
  return `${name} ${number}`;
}

/** The number stays: it makes the text unlike others. */
function shortened(text: string, length: number | undefined): string {
  return length === undefined ? text : text.slice(-length);
}
