/** `orderItem` of `OrderItem`. */
export function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `OrderItem` of `orderItem`. */
export function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `order-item` of `OrderItem`. */
export function kebab(name: string): string {
  return words(name).join('-');
}

/** `ORDER_ITEM` of `OrderItem`; of a value of an enum, such as `in-transit`, likewise. */
export function constant(name: string): string {
  return words(name).join('_').toUpperCase();
}

/** `order item` of `OrderItem`. */
export function spoken(name: string): string {
  return words(name).join(' ');
}

export function withArticle(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

/** What English does most of the time; `--plural` is for the rest. */
export function plural(name: string): string {
  if (OWN_PLURALS.test(name)) return name;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

/** Words that are their own plural, or have none; also as the end of a longer one. */
const OWN_PLURALS =
  /(?:news|series|species|sheep|fish|deer|(?:air|space)craft|equipment|information|feedback|data|(?:hard|soft)ware)$/i;

/** PostgreSQL reserves some words; such a table is `app_order`, as that of users is `app_user`. */
export function tableName(name: string): string {
  const snake = words(name).join('_');
  return RESERVED_IN_SQL.has(snake) ? `app_${snake}` : snake;
}

function words(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/** PostgreSQL, appendix "SQL Key Words": what is reserved, or cannot be a function or type. */
const RESERVED_IN_SQL: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char
  character check coalesce collate collation column concurrently constraint create cross current default deferrable desc
  distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping
  having in initially inner inout int integer intersect interval into is isnull join json lateral leading least left like
  limit local localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric offset on only
  or order out outer overlaps overlay placing position precision primary real references returning right row select session
  setof similar smallint some substring symmetric system table tablesample then time timestamp to trailing treat trim true
  union unique user using values varchar variadic verbose when where window with`.split(/\s+/),
);
