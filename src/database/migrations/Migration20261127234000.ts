import { Migration } from '@mikro-orm/migrations';

/** Refuses the tokens of whoever is disabled already when the mirror first hears of them. */
export class Migration20261127234000 extends Migration {
  override name = 'Migration20261127234000';

  override up(): void {
    this.addSql(REFUSE);
    this.addSql(ON_PROFILE);
    this.addSql(`do $$ begin
      perform refuse_disabled(array(select id from pool_profile where not enabled));
    end $$;`);
  }

  override down(): void {
    this.addSql(ON_PROFILE_BEFORE);
    this.addSql('drop function refuse_disabled(uuid[]);');
  }
}

/** Up to when the pool says that it changed the account: that was then, or later. */
const REFUSE = `
create function refuse_disabled(profiles uuid[]) returns void language plpgsql as $$
begin
  if cardinality(profiles) = 0 then return; end if;
  perform 1 from app_user where id in (
    select user_id from identity join pool_profile on pool_profile.identity_id = identity.id
    where pool_profile.id = any(profiles))
  order by id for no key update;
  update app_user set refused_before = disabled.at, updated_at = now()
  from (select user_id, max(pool_modified_at) as at
        from identity join pool_profile on pool_profile.identity_id = identity.id
        where pool_profile.id = any(profiles) group by user_id) as disabled
  where app_user.id = disabled.user_id and (refused_before is null or refused_before < disabled.at);
end $$;`;

const ON_PROFILE = `
create or replace function tell_of_profiles() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform tell_of_viewers(array(
      select distinct user_id from identity join new_rows on new_rows.identity_id = identity.id
      where not new_rows.enabled or new_rows.groups is not null));
    perform refuse_disabled(array(select id from new_rows where not enabled));
  elsif tg_op = 'DELETE' then
    perform tell_of_viewers(array(
      select distinct user_id from identity join old_rows on old_rows.identity_id = identity.id));
  else
    perform tell_of_viewers(array(
      select distinct identity.user_id from old_rows join new_rows using (id)
      join identity on identity.id in (old_rows.identity_id, new_rows.identity_id)
      where (old_rows.identity_id, old_rows.enabled, old_rows.groups, old_rows.attributes)
        is distinct from (new_rows.identity_id, new_rows.enabled, new_rows.groups, new_rows.attributes)
      or new_rows.attributes_read_at < old_rows.attributes_read_at));
    perform refuse_disabled(array(
      select id from old_rows join new_rows using (id) where old_rows.enabled and not new_rows.enabled));
  end if;
  return null;
end $$;`;

const ON_PROFILE_BEFORE = `
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
      join identity on identity.id in (old_rows.identity_id, new_rows.identity_id)
      where (old_rows.identity_id, old_rows.enabled, old_rows.groups, old_rows.attributes)
        is distinct from (new_rows.identity_id, new_rows.enabled, new_rows.groups, new_rows.attributes)
      or new_rows.attributes_read_at < old_rows.attributes_read_at));
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
