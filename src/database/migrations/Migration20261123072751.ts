import { Migration } from '@mikro-orm/migrations';

export class Migration20261123072751 extends Migration {
  override name = 'Migration20261123072751';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "call_slot" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "row" text not null, "next_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(`alter table "call_slot" add constraint "call_slot_row_unique" unique ("row");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "call_slot" cascade;`);
  }
}
