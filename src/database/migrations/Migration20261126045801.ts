import { Migration } from '@mikro-orm/migrations';

export class Migration20261126045801 extends Migration {
  override name = 'Migration20261126045801';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "session" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "user_id" uuid not null, "identity_id" uuid not null, "pool_id" text not null, "origin_jti" text not null, "client_id" text not null, "first_seen_at" timestamptz not null, "last_seen_at" timestamptz not null, "network" text null, "user_agent" text null, "ended_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "session_identity_id_index" on "session" ("identity_id");`);
    this.addSql(
      `create index "session_user_id_last_seen_at_id_index" on "session" ("user_id", "last_seen_at", "id");`,
    );
    this.addSql(
      `alter table "session" add constraint "session_pool_id_origin_jti_unique" unique ("pool_id", "origin_jti");`,
    );

    this.addSql(
      `create table "viewer_change" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "user_id" uuid not null, "transaction" xid8 not null default pg_current_xact_id(), primary key ("id"));`,
    );
    this.addSql(
      `create index "viewer_change_transaction_index" on "viewer_change" ("transaction");`,
    );
    this.addSql(`create index "viewer_change_created_at_index" on "viewer_change" ("created_at");`);

    this.addSql(
      `alter table "session" add constraint "session_user_id_foreign" foreign key ("user_id") references "app_user" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "session" add constraint "session_identity_id_foreign" foreign key ("identity_id") references "identity" ("id") on delete cascade;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "session" cascade;`);
    this.addSql(`drop table if exists "viewer_change" cascade;`);
  }
}
