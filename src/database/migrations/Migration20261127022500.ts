import { Migration } from '@mikro-orm/migrations';

/**
 * Tells of what changes the profile that is shown of a user as well, so that servers may remember it: attributes,
 * and which of several accounts was used last; and of a mirror that is older than before, where one was put back.
 */
export class Migration20261127022500 extends Migration {
  override name = 'Migration20261127022500';

  override up(): void {
    this.addSql(ON_IDENTITY);
    this.addSql(
      `create trigger identity_insert_told after insert on "identity"
       referencing new table as new_rows for each statement execute function tell_of_identities();`,
    );
    this.addSql(onProfile(AFTER));
  }

  override down(): void {
    this.addSql('drop trigger identity_insert_told on "identity";');
    this.addSql(ON_IDENTITY_BEFORE);
    this.addSql(onProfile(BEFORE));
  }
}

/** The only account of a user is the last used one, whenever that was: its sightings change nothing. */
const ON_IDENTITY = `
create or replace function tell_of_identities() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    perform tell_of_viewers(array(select distinct user_id from old_rows));
  elsif tg_op = 'INSERT' then
    perform tell_of_viewers(array(
      select distinct new_rows.user_id from new_rows
      join identity as other on other.user_id = new_rows.user_id and other.id <> new_rows.id));
  else
    perform tell_of_viewers(array(
      select distinct concerned.user_id from old_rows join new_rows using (id)
      cross join lateral (values (old_rows.user_id), (new_rows.user_id)) as concerned(user_id)
      where (old_rows.user_id, old_rows.deleted_at)
        is distinct from (new_rows.user_id, new_rows.deleted_at)
      or old_rows.last_seen_at is distinct from new_rows.last_seen_at
        and exists (select from identity as other
                    where other.user_id = new_rows.user_id and other.id <> new_rows.id)));
  end if;
  return null;
end $$;`;

const ON_IDENTITY_BEFORE = `
create or replace function tell_of_identities() returns trigger language plpgsql as $$
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

const BEFORE = `
      where (old_rows.identity_id, old_rows.enabled, old_rows.groups)
        is distinct from (new_rows.identity_id, new_rows.enabled, new_rows.groups)`;
const AFTER = `
      where (old_rows.identity_id, old_rows.enabled, old_rows.groups, old_rows.attributes)
        is distinct from (new_rows.identity_id, new_rows.enabled, new_rows.groups, new_rows.attributes)
      or new_rows.attributes_read_at < old_rows.attributes_read_at`;

/** @param changed what of a profile has to change for it to be told */
function onProfile(changed: string): string {
  return `
create or replace function tell_of_profiles() returns trigger language plpgsql as $$
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
      join identity on identity.id in (old_rows.identity_id, new_rows.identity_id)${changed}));
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
}
