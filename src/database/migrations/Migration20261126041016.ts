import { Migration } from '@mikro-orm/migrations';

export class Migration20261126041016 extends Migration {
  override name = 'Migration20261126041016';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "webhook_message" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "message_id" text not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "webhook_message" add constraint "webhook_message_message_id_unique" unique ("message_id");`,
    );
    this.addSql(
      `create index "webhook_message_created_at_index" on "webhook_message" ("created_at");`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "webhook_message" cascade;`);
  }
}
