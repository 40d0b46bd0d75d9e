import { Migration } from '@mikro-orm/migrations';

export class Migration20261123031313 extends Migration {
  override name = 'Migration20261123031313';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_event" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "action_id" uuid not null, "action" text not null, "outcome" text not null, "code" text null, "actor_id" uuid null, "actor_client_id" text not null, "target_id" uuid not null, "request_id" text not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "audit_event_target_id_created_at_index" on "audit_event" ("target_id", "created_at");`,
    );
    this.addSql(
      `create index "audit_event_created_at_id_index" on "audit_event" ("created_at", "id");`,
    );

    this.addSql(
      `create table "audit_detail" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "event_id" uuid not null, "reason" text not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "audit_detail" add constraint "audit_detail_event_id_unique" unique ("event_id");`,
    );

    this.addSql(
      `create table "pool_sweep" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "pool_id" text not null, "completed_at" timestamptz not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "pool_sweep" add constraint "pool_sweep_pool_id_unique" unique ("pool_id");`,
    );

    this.addSql(
      `create table "server_key" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "name" text not null, "secret" text not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "server_key" add constraint "server_key_name_unique" unique ("name");`,
    );

    this.addSql(
      `create table "app_user" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "refused_before" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "app_user_created_at_id_index" on "app_user" ("created_at", "id");`);

    this.addSql(
      `create table "identity" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "user_id" uuid not null, "pool_id" text not null, "subject" text not null, "username" text not null, "last_seen_at" timestamptz null, "deleted_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(`create index "identity_user_id_index" on "identity" ("user_id");`);
    this.addSql(
      `alter table "identity" add constraint "identity_pool_id_subject_unique" unique ("pool_id", "subject");`,
    );

    this.addSql(
      `create table "pool_profile" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "identity_id" uuid not null, "attributes" jsonb not null, "groups" jsonb null, "status" text not null, "enabled" boolean not null, "pool_created_at" timestamptz not null, "pool_modified_at" timestamptz not null, "attributes_read_at" timestamptz not null, "groups_read_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "pool_profile" add constraint "pool_profile_identity_id_unique" unique ("identity_id");`,
    );

    this.addSql(
      `alter table "audit_detail" add constraint "audit_detail_event_id_foreign" foreign key ("event_id") references "audit_event" ("id");`,
    );

    this.addSql(
      `alter table "identity" add constraint "identity_user_id_foreign" foreign key ("user_id") references "app_user" ("id") on delete cascade;`,
    );

    this.addSql(
      `alter table "pool_profile" add constraint "pool_profile_identity_id_foreign" foreign key ("identity_id") references "identity" ("id") on delete cascade;`,
    );

    // The trail of who did what is written once: not even this server may change it.
    this.addSql(
      `create function "refuse_change"() returns trigger language plpgsql as 'begin raise exception ''% is insert-only'', tg_table_name; end';`,
    );
    this.addSql(
      `create trigger "audit_event_insert_only" before update or delete or truncate on "audit_event" for each statement execute function "refuse_change"();`,
    );
  }
}
