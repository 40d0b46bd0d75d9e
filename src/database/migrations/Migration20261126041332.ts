import { Migration } from '@mikro-orm/migrations';

export class Migration20261126041332 extends Migration {
  override name = 'Migration20261126041332';

  override up(): void | Promise<void> {
    // Walks of before read no groups: each pool is walked through anew.
    this.addSql(`delete from "pool_sweep";`);
    this.addSql(
      `create table "swept_membership" ("pool_id" text not null, "subject" text not null, "group_name" text not null, primary key ("pool_id", "subject", "group_name"));`,
    );

    this.addSql(
      `alter table "pool_sweep" add "position" int not null default 0, add "phase" text null, add "started_at" timestamptz null, add "groups_read_at" timestamptz null, add "at_group" text null, add "next" text null, add "users" int not null default 0, add "pages" int not null default 0, add "vanished" int not null default 0, add "completed_started_at" timestamptz null, add "completed_users" int not null default 0, add "completed_vanished" int not null default 0;`,
    );
    this.addSql(`alter table "pool_sweep" alter column "completed_at" drop not null;`);
    this.addSql(
      `alter table "pool_sweep" add constraint "pool_sweep_phase_check" check ("phase" in ('GROUPS', 'USERS', 'VANISHED'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`delete from "pool_sweep";`);
    this.addSql(`drop table if exists "swept_membership" cascade;`);

    this.addSql(`alter table "pool_sweep" drop constraint "pool_sweep_phase_check";`);
    this.addSql(
      `alter table "pool_sweep" drop column "position", drop column "phase", drop column "started_at", drop column "groups_read_at", drop column "at_group", drop column "next", drop column "users", drop column "pages", drop column "vanished", drop column "completed_started_at", drop column "completed_users", drop column "completed_vanished";`,
    );
    this.addSql(`alter table "pool_sweep" alter column "completed_at" set not null;`);
  }
}
