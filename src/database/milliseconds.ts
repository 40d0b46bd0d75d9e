/** In SQL, a time as milliseconds since the epoch: the drivers do not agree on how they read others. */
export function milliseconds(time: string): string {
  return `(extract(epoch from ${time}) * 1000)::float8`;
}
