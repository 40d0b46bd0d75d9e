import { Migration } from '@mikro-orm/migrations';

export class Migration20261126094932 extends Migration {
  override name = 'Migration20261126094932';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "account_deletion" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "user_id" uuid not null, "due_at" timestamptz not null, "try_at" timestamptz not null, "attempts" int not null default 0, "begun_at" timestamptz null, "client_id" text null, "request_id" text null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "account_deletion" add constraint "account_deletion_user_id_unique" unique ("user_id");`,
    );
    this.addSql(`create index "account_deletion_try_at_index" on "account_deletion" ("try_at");`);

    this.addSql(`create index "command_actor_id_index" on "command" ("actor_id");`);
    this.addSql(`create index "command_target_id_index" on "command" ("target_id");`);

    this.addSql(
      `alter table "account_deletion" add constraint "account_deletion_user_id_foreign" foreign key ("user_id") references "app_user" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "account_deletion" cascade;`);

    this.addSql(`drop index "command_actor_id_index";`);
    this.addSql(`drop index "command_target_id_index";`);
  }
}
