import { Migration } from '@mikro-orm/migrations';

/** What is remembered of a viewer holds their user's row: whatever changes it is told. */
export class Migration20261126094600 extends Migration {
  override name = 'Migration20261126094600';

  override up(): void | Promise<void> {
    this.addSql(tellOfUsers('(refused_before, updated_at)'));
  }

  override down(): void | Promise<void> {
    this.addSql(tellOfUsers('(refused_before)'));
  }
}

function tellOfUsers(columns: string): string {
  const of = (rows: string) => columns.replaceAll(/\w+/g, `${rows}.$&`);
  return `
create or replace function tell_of_users() returns trigger language plpgsql as $$
begin
  perform tell_of_viewers(array(
    select new_rows.id from old_rows join new_rows using (id)
    where ${of('old_rows')} is distinct from ${of('new_rows')}));
  return null;
end $$;`;
}
