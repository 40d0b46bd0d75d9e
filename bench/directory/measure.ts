import type { MikroORM } from '@mikro-orm/postgresql';
import { PoolProfile } from '../../src/directory/index.js';
import { writeProfiles } from '../../src/directory/pool-profile-rows.js';
import { type Latency, latencyOf } from '../latency.js';
import { MARKS, personOf } from './people.js';
import type { Asker, UsersParameters } from './server-under-load.js';

/** A page has as many users as a client shows at once. */
const PAGE = 50;
const TIMES = 300;

const ORDERS = ['CREATED_AT', 'NAME'] as const;
type Order = (typeof ORDERS)[number];

export interface PageResult {
  readonly order: Order;
  readonly first: Latency;
  readonly last: Latency;
}

/** The first page and the last whole one, which a client comes to by its cursor, in turns. */
export async function measurePages(asker: Asker): Promise<PageResult[]> {
  const results: PageResult[] = [];
  for (const field of ORDERS) {
    const orderBy = { field };
    const end = await asker.users({ last: PAGE + 1, orderBy });
    const after = end.pageInfo.startCursor ?? '';
    results.push({
      order: field,
      first: await latencyOf(() => page(asker, { first: PAGE, orderBy }), TIMES),
      last: await latencyOf(() => page(asker, { first: PAGE, after, orderBy }), TIMES),
    });
  }
  return results;
}

async function page(asker: Asker, parameters: UsersParameters): Promise<void> {
  const { nodes } = await asker.users(parameters);
  if (nodes.length !== PAGE) throw new Error(`A page had ${nodes.length} users.`);
}

export interface SearchResult {
  readonly finds: string;
  readonly order: Order;
  readonly latency: Latency;
}

/** Parts of names as people type them: some find a hundredth of all, some nearly nobody. */
const TYPED =
  `ana eva liam okaf chen zhou sofia rafael kova lindq morae pere uma ros wei yusuf zofi ander
  iva jans tana brun gali holm ikba naka silva vega wern yilm`.split(/\s+/);

export async function measureSearches(asker: Asker): Promise<SearchResult[]> {
  const results: SearchResult[] = [];
  for (const order of ORDERS) {
    const search = (term: string) =>
      asker.users({ first: PAGE, filter: { search: term }, orderBy: { field: order } });
    const add = (finds: string, latency: Latency) => results.push({ finds, order, latency });
    for (const [finds, { nickname }] of Object.entries(MARKS))
      add(finds, await latencyOf(() => search(nickname), TIMES));
    add('nobody', await latencyOf(() => search('xqzkwv'), TIMES));
    add('everybody (`example`)', await latencyOf(() => search('example'), TIMES));
    let turn = 0;
    const next = () => search(TYPED[turn++ % TYPED.length] ?? '');
    add(`${TYPED.length} parts of names, 3 to 6 letters`, await latencyOf(next, TIMES));
  }
  return results;
}

const SWEPT_PAGE = 60;
const SWEPT_PAGES = 200;

/** Users a second that a sweep could keep, were there no quotas: pages of ListUsers, written again. */
export async function measureWrites(orm: MikroORM, of: number): Promise<number> {
  const em = orm.em.fork();
  const rows = await em.find(
    PoolProfile,
    // The bench's own people: the seeded ones have to go on as they are.
    { identity: { username: { $re: '[.][0-9]+$' } } },
    { limit: SWEPT_PAGE * SWEPT_PAGES, orderBy: { id: 'asc' }, fields: ['identity'] },
  );
  const pages = Math.floor(rows.length / SWEPT_PAGE);
  const began = performance.now();
  for (let index = 0; index < pages; index++) {
    const of60 = rows.slice(index * SWEPT_PAGE, (index + 1) * SWEPT_PAGE);
    const readAt = new Date();
    await writeProfiles(
      orm.em.fork(),
      new Map(
        of60.map(({ identity }, place) => [
          identity.id,
          { ...personOf(index * SWEPT_PAGE + place, of, readAt), poolModifiedAt: readAt },
        ]),
      ),
    );
  }
  return (pages * SWEPT_PAGE) / ((performance.now() - began) / 1000);
}

/** Bytes a user takes, with indexes, by table. */
export async function measureSizes(orm: MikroORM, of: number): Promise<Record<string, number>> {
  const sizes = await orm.em.fork().execute<{ table: string; bytes: string }[]>(
    `select relname as table, pg_total_relation_size(oid) as bytes from pg_class
       where relname in ('app_user', 'identity', 'pool_profile')`,
  );
  return Object.fromEntries(sizes.map(({ table, bytes }) => [table, Number(bytes) / of]));
}
