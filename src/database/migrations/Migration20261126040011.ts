import { Migration } from '@mikro-orm/migrations';

/**
 * Keeps the `listed_...` columns of `app_user`: of the account last used, as `accountsLoader` shows it. By
 * triggers, so that no writer can forget them; each statement is answered by one set-based update.
 */
export class Migration20261126040011 extends Migration {
  override name = 'Migration20261126040011';

  override up(): void {
    this.addSql(REFRESH);
    this.addSql(ON_IDENTITY);
    this.addSql(ON_PROFILE);
    for (const [table, routine] of TABLES) {
      for (const [operation, rows] of OPERATIONS)
        this.addSql(
          `create trigger ${table}_${operation}_listed after ${operation} on ${table}
           referencing ${rows} for each statement execute function ${routine}();`,
        );
    }
    this.addSql(
      'do $$ begin perform refresh_listed_users(array(select distinct user_id from identity)); end $$;',
    );
    // What is searched is made by the server alone: let it read everything again.
    this.addSql("update pool_profile set attributes_read_at = 'epoch';");
    this.addSql('delete from pool_sweep;');
  }

  override down(): void {
    for (const [table] of TABLES) {
      for (const [operation] of OPERATIONS)
        this.addSql(`drop trigger ${table}_${operation}_listed on ${table};`);
    }
    for (const [, routine] of TABLES) this.addSql(`drop function ${routine}();`);
    this.addSql('drop function refresh_listed_users(uuid[]);');
  }
}

const TABLES = [
  ['identity', 'list_users_of_identities'],
  ['pool_profile', 'list_users_of_profiles'],
] as const;

const OPERATIONS = [
  ['insert', 'new table as new_rows'],
  ['update', 'old table as old_rows new table as new_rows'],
  ['delete', 'old table as old_rows'],
] as const;

/**
 * The rows are locked first, always in one order, and the update is a statement of its own: under READ
 * COMMITTED it sees what a concurrent writer of another account of the same user has committed meanwhile.
 */
const REFRESH = `
create function refresh_listed_users(users uuid[]) returns void language plpgsql as $$
begin
  perform 1 from app_user where id = any(users) order by id for no key update;
  update app_user set
    listed_identity_id = listed.identity_id,
    listed_status = listed.status,
    listed_enabled = listed.enabled,
    listed_names = listed.names,
    listed_contacts = listed.contacts,
    listed_name = listed.name,
    listed_email = listed.email,
    listed_email_verified = listed.email_verified,
    listed_phone = listed.phone,
    listed_username = listed.username,
    listed_groups = listed.groups,
    listed_last_seen_at = listed.last_seen_at,
    listed_pool_modified_at = listed.pool_modified_at
  from unnest(users) as concerned(user_id) cross join lateral (
    select account.id as identity_id, profile.status, profile.enabled,
      profile.search_names as names, profile.search_contacts as contacts,
      nullif(split_part(profile.search_names, E'\\n', 1), '') as name,
      profile.email_key as email,
      case when profile.id is not null
        then coalesce(profile.attributes->>'email_verified', '') = 'true' end as email_verified,
      profile.phone_key as phone, profile.username_key as username,
      case when jsonb_typeof(profile.groups) = 'array'
        then array(select jsonb_array_elements_text(profile.groups)) end as groups,
      -- Cursors count milliseconds.
      date_trunc('milliseconds', account.last_seen_at) as last_seen_at,
      date_trunc('milliseconds', profile.pool_modified_at) as pool_modified_at
    from (select 1) as one
    left join lateral (
      select id, last_seen_at from identity
      where identity.user_id = concerned.user_id and deleted_at is null
      order by last_seen_at desc nulls last, id limit 1) as account on true
    left join pool_profile as profile on profile.identity_id = account.id
  ) as listed
  where app_user.id = concerned.user_id and (
    listed_identity_id, listed_status, listed_enabled, listed_names, listed_contacts, listed_name,
    listed_email, listed_email_verified, listed_phone, listed_username, listed_groups,
    listed_last_seen_at, listed_pool_modified_at
  ) is distinct from (
    listed.identity_id, listed.status, listed.enabled, listed.names, listed.contacts, listed.name,
    listed.email, listed.email_verified, listed.phone, listed.username, listed.groups,
    listed.last_seen_at, listed.pool_modified_at);
end $$;`;

const ON_IDENTITY = `
create function list_users_of_identities() returns trigger language plpgsql as $$
declare users uuid[];
begin
  if tg_op = 'INSERT' then
    users := array(select distinct user_id from new_rows);
  elsif tg_op = 'DELETE' then
    users := array(select distinct user_id from old_rows);
  else
    users := array(
      select distinct concerned.user_id from old_rows join new_rows using (id)
      cross join lateral (values (old_rows.user_id), (new_rows.user_id)) as concerned(user_id)
      where (old_rows.user_id, old_rows.last_seen_at, old_rows.deleted_at)
        is distinct from (new_rows.user_id, new_rows.last_seen_at, new_rows.deleted_at));
  end if;
  if cardinality(users) > 0 then perform refresh_listed_users(users); end if;
  return null;
end $$;`;

/** A walk through a pool writes every profile and changes few: those that differ in nothing cost no lock. */
const ON_PROFILE = `
create function list_users_of_profiles() returns trigger language plpgsql as $$
declare users uuid[];
begin
  if tg_op = 'INSERT' then
    users := array(
      select distinct user_id from identity join new_rows on new_rows.identity_id = identity.id);
  elsif tg_op = 'DELETE' then
    users := array(
      select distinct user_id from identity join old_rows on old_rows.identity_id = identity.id);
  else
    users := array(
      select distinct identity.user_id from old_rows join new_rows using (id)
      join identity on identity.id in (old_rows.identity_id, new_rows.identity_id)
      where (old_rows.identity_id, old_rows.status, old_rows.enabled, old_rows.groups,
             old_rows.search_names, old_rows.search_contacts, old_rows.email_key, old_rows.phone_key,
             old_rows.username_key, old_rows.pool_modified_at, old_rows.attributes->>'email_verified')
        is distinct from
            (new_rows.identity_id, new_rows.status, new_rows.enabled, new_rows.groups,
             new_rows.search_names, new_rows.search_contacts, new_rows.email_key, new_rows.phone_key,
             new_rows.username_key, new_rows.pool_modified_at, new_rows.attributes->>'email_verified'));
  end if;
  if cardinality(users) > 0 then perform refresh_listed_users(users); end if;
  return null;
end $$;`;
