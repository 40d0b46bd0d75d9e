/** What is asked of every server. */
export interface Operation {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export const operations = [
  { name: 'me', query: '{ me { id } }' },
  { name: 'me with profile', query: '{ me { id profile { name picture } } }' },
  {
    name: '50 users with profile',
    query:
      'query ($first: Int!) { users(first: $first) { nodes { id profile { name picture } } } }',
    variables: { first: 50 },
  },
] as const satisfies readonly Operation[];

export function bodyOf({ query, variables }: Operation): string {
  return JSON.stringify({ query, variables });
}
