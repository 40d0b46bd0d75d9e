import { Migration } from '@mikro-orm/migrations';

export class Migration20261126035000 extends Migration {
  override name = 'Migration20261126035000';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "job" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "kind" text not null, "key" text not null, "payload" jsonb not null, "run_at" timestamptz not null, "attempts" int not null default 0, "version" int not null default 0, "claim" uuid null, "claimed_until" timestamptz null, "failure" text null, primary key ("id"));`,
    );
    this.addSql(`create index "job_run_at_index" on "job" ("run_at");`);
    this.addSql(`alter table "job" add constraint "job_kind_key_unique" unique ("kind", "key");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "job" cascade;`);
  }
}
