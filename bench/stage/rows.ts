import type { EntityManager } from '@mikro-orm/postgresql';
import { ensureSearchIndex } from '../../src/database/search-index.js';

const GIVEN =
  'Ada Aisha Akira Amara Ana Anders Bilal Carlos Chiara Diego Elif Emeka Emma Felix Freya Giulia Hana Hiroshi Ines Ivan Jonas Kofi Lena Liam Lucia Mateo Mei Mila Nadia Noor Olga Omar Priya Rafael Ravi Rosa Sofia Tariq Uma Wei Yara Zofia';
const FAMILY =
  'Andersen Bakker Chen Costa Duarte Eriksen Ferreira Fischer Galic Gupta Haruna Holm Ivanova Jansen Karlsson Kovac Lindqvist Moraes Nakano Okafor Pereira Quinn Rossi Silva Tanaka Ugarte Vega Werner Yilmaz Zhou';

/** The `sub` of the person of this number. */
export function subjectOf(number: number): string {
  return `5f0c9a2e-8a3e-4e6c-9d53-${number.toString(16).padStart(12, '0')}`;
}

export interface Rows {
  readonly poolId: string;
  /** How many people there are, and how many there are to be. */
  readonly from: number;
  readonly to: number;
}

/**
 * Adds people by the statements of one transaction, as the mirror and its triggers would have left them: seconds for a
 * million rather than minutes. Triggers are passed over, which takes a superuser.
 */
export async function addPeople(em: EntityManager, { poolId, from, to }: Rows): Promise<void> {
  await em.transactional(async (transaction) => {
    await transaction.execute('drop index if exists app_user_search_index');
    await transaction.execute('set local session_replication_role = replica');
    await transaction.execute(PEOPLE, [from, to - 1, words(GIVEN), words(FAMILY)]);
    for (const statement of [USERS, PROFILES]) await transaction.execute(statement);
    await transaction.execute(IDENTITIES, [poolId]);
    await transaction.execute('drop table person');
  });
  await ensureSearchIndex(em);
  await em.execute('vacuum analyze');
}

function words(text: string): string {
  return `{${text.replaceAll(' ', ',')}}`;
}

/** Ids increase with the moment at which a person was made, as UUIDs of version 7 do. */
const PEOPLE = `
create temporary table person as
select n, made,
  (prefix || 'a' || tail)::uuid as user_id, (prefix || 'b' || tail)::uuid as identity_id,
  (prefix || 'c' || tail)::uuid as profile_id,
  '5f0c9a2e-8a3e-4e6c-9d53-' || lpad(to_hex(n), 12, '0') as subject,
  given, family, given || ' ' || family as name, lower(given || '.' || family) || '.' || n as username,
  lower(given || '.' || family) || '.' || n || '@example.com' as email,
  '+3519' || lpad(n::text, 8, '0') as phone
from generate_series(?::int, ?::int) as n
cross join (select ?::text[] as all_given, ?::text[] as all_family) as words
cross join lateral (select timestamptz '2020-01-01' + n * interval '1 second' as made,
  all_given[1 + (n * 71 + n / 97) % cardinality(all_given)] as given,
  all_family[1 + (n * 83 + n / 31) % cardinality(all_family)] as family) as named
cross join lateral (select lpad(to_hex((extract(epoch from made) * 1000)::bigint), 12, '0') || '7' as prefix,
  '00' || '8' || substr(md5(n::text), 1, 15) as tail) as made_of`;

const USERS = `
insert into app_user (id, created_at, updated_at, listed_identity_id, listed_status, listed_enabled, listed_names,
  listed_contacts, listed_name, listed_email, listed_email_verified, listed_phone, listed_username, listed_groups,
  listed_pool_modified_at)
select user_id, made, made, identity_id, 'CONFIRMED', true, lower(concat_ws(E'\\n', name, given, family, '', '')),
  concat_ws(E'\\n', email, phone, username), lower(name), email, true, phone, username, '{}', made
from person`;

const PROFILES = `
insert into pool_profile (id, created_at, updated_at, identity_id, attributes, groups, status, enabled, pool_created_at,
  pool_modified_at, attributes_read_at, groups_read_at, search_names, search_contacts, email_key, phone_key, username_key)
select profile_id, made, made, identity_id,
  jsonb_build_object('name', name, 'given_name', given, 'family_name', family, 'email', email, 'email_verified', 'true',
    'phone_number', phone, 'picture', 'https://people.example.com/' || username || '.jpg', 'locale', 'pt-PT'),
  '[]', 'CONFIRMED', true, made, made, now(), now(), lower(concat_ws(E'\\n', name, given, family, '', '')),
  concat_ws(E'\\n', email, phone, username), email, phone, username
from person`;

const IDENTITIES = `
insert into identity (id, created_at, updated_at, user_id, pool_id, subject, username)
select identity_id, made, made, user_id, ?, subject, username from person`;
