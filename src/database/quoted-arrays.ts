import type { Platform } from '@mikro-orm/core';

/**
 * Has a platform quote every value of an array, as PostgreSQL reads it ("Array Input and Output Syntax"): MikroORM (7.2.1)
 * leaves `null` and spaces at an end as they are, and escapes line breaks as JSON does.
 */
export function quoteArrays(platform: Platform): void {
  platform.marshallArray = (values) => `{${values.map(quoted).join(',')}}`;
}

function quoted(value: string | null): string {
  return value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`;
}
