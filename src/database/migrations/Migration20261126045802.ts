import { Migration } from '@mikro-orm/migrations';

/**
 * Tells of every change of what a user's tokens are good for, in the transaction that makes it, and refuses the
 * tokens of whoever is disabled at the pool. By triggers, so that no writer can forget it.
 */
export class Migration20261126045802 extends Migration {
  override name = 'Migration20261126045802';

  override up(): void {
    this.addSql(TELL);
    for (const [table, routine, operations, body] of TABLES) {
      this.addSql(body);
      for (const operation of operations)
        this.addSql(
          `create trigger ${table}_${operation}_told after ${operation} on "${table}"
           referencing ${ROWS[operation]} for each statement execute function ${routine}();`,
        );
    }
  }

  override down(): void {
    for (const [table, routine, operations] of TABLES) {
      for (const operation of operations)
        this.addSql(`drop trigger ${table}_${operation}_told on "${table}";`);
      this.addSql(`drop function ${routine}();`);
    }
    this.addSql('drop function tell_of_viewers(uuid[]);');
  }
}

const ROWS = {
  insert: 'new table as new_rows',
  update: 'old table as old_rows new table as new_rows',
  delete: 'old table as old_rows',
} as const;

/** Servers that share the database are woken by one notification a transaction. */
const TELL = `
create function tell_of_viewers(users uuid[]) returns void language plpgsql as $$
begin
  if cardinality(users) = 0 then return; end if;
  insert into viewer_change (id, created_at, updated_at, user_id)
    select gen_random_uuid(), clock_timestamp(), clock_timestamp(), user_id
    from unnest(users) as concerned(user_id);
  perform pg_notify('viewer_change', '');
end $$;`;

const ON_USER = `
create function tell_of_users() returns trigger language plpgsql as $$
begin
  perform tell_of_viewers(array(
    select new_rows.id from old_rows join new_rows using (id)
    where old_rows.refused_before is distinct from new_rows.refused_before));
  return null;
end $$;`;

const ON_IDENTITY = `
create function tell_of_identities() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform tell_of_viewers(array(select distinct user_id from old_rows));
  else
    perform tell_of_viewers(array(
      select distinct concerned.user_id from old_rows join new_rows using (id)
      cross join lateral (values (old_rows.user_id), (new_rows.user_id)) as concerned(user_id)
      where (old_rows.user_id, old_rows.deleted_at)
        is distinct from (new_rows.user_id, new_rows.deleted_at)));
  end if;
  return null;
end $$;`;

/**
 * Of the accounts that were enabled before, the pool's last-modified is not earlier than their disabling: whoever
 * is enabled again signs in anew. The users are locked in one order, as by the triggers that list them, whose
 * names come first.
 */
const ON_PROFILE = `
create function tell_of_profiles() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform tell_of_viewers(array(
      select distinct user_id from identity join new_rows on new_rows.identity_id = identity.id
      where not new_rows.enabled or new_rows.groups is not null));
  elsif tg_op = 'DELETE' then
    perform tell_of_viewers(array(
      select distinct user_id from identity join old_rows on old_rows.identity_id = identity.id));
  else
    perform tell_of_viewers(array(
      select distinct identity.user_id from old_rows join new_rows using (id)
      join identity on identity.id in (old_rows.identity_id, new_rows.identity_id)
      where (old_rows.identity_id, old_rows.enabled, old_rows.groups)
        is distinct from (new_rows.identity_id, new_rows.enabled, new_rows.groups)));
    if exists (select from old_rows join new_rows using (id) where old_rows.enabled and not new_rows.enabled)
    then
      perform 1 from app_user where id in (
        select user_id from identity join new_rows on new_rows.identity_id = identity.id
        join old_rows on old_rows.id = new_rows.id where old_rows.enabled and not new_rows.enabled)
      order by id for no key update;
      update app_user set refused_before = disabled.at, updated_at = now()
      from (select user_id, max(new_rows.pool_modified_at) as at
            from identity join new_rows on new_rows.identity_id = identity.id
            join old_rows on old_rows.id = new_rows.id where old_rows.enabled and not new_rows.enabled
            group by user_id) as disabled
      where app_user.id = disabled.user_id and (refused_before is null or refused_before < disabled.at);
    end if;
  end if;
  return null;
end $$;`;

const ON_SESSION = `
create function tell_of_sessions() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform tell_of_viewers(array(select distinct user_id from new_rows where ended_at is not null));
  elsif tg_op = 'DELETE' then
    perform tell_of_viewers(array(select distinct user_id from old_rows where ended_at is not null));
  else
    perform tell_of_viewers(array(
      select distinct new_rows.user_id from old_rows join new_rows using (id)
      where old_rows.ended_at is distinct from new_rows.ended_at));
  end if;
  return null;
end $$;`;

const TABLES = [
  ['app_user', 'tell_of_users', ['update'], ON_USER],
  ['identity', 'tell_of_identities', ['update', 'delete'], ON_IDENTITY],
  ['pool_profile', 'tell_of_profiles', ['insert', 'update', 'delete'], ON_PROFILE],
  ['session', 'tell_of_sessions', ['insert', 'update', 'delete'], ON_SESSION],
] as const;
