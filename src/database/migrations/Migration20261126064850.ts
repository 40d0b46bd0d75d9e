import { Migration } from '@mikro-orm/migrations';

export class Migration20261126064850 extends Migration {
  override name = 'Migration20261126064850';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "command" ("id" uuid not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "action" text not null, "state" text not null default 'INTENDED', "aspect" text not null, "actor_kind" text not null, "actor_id" uuid null, "actor_client_id" text null, "request_id" text null, "target_id" uuid null, "target_group" text null, "input" jsonb null, "idempotency_key" text null, "input_hash" text not null, "result" jsonb null, "failure" jsonb null, "attempts" int not null default 1, "pool_moment" timestamptz null, "ended_at" timestamptz null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "command" add constraint "command_idempotency_key_unique" unique ("idempotency_key");`,
    );
    this.addSql(
      `create index "command_pending_index" on "command" ("id") where state in ('INTENDED', 'AT_POOL');`,
    );
    this.addSql(`create index "command_aspect_id_index" on "command" ("aspect", "id");`);

    this.addSql(`drop index "audit_event_target_id_created_at_index";`);
    this.addSql(
      `alter table "audit_event" add "actor_kind" text not null default 'PERSON', add "target_group" text null;`,
    );
    this.addSql(`alter table "audit_event" alter column "actor_client_id" drop not null;`);
    this.addSql(`alter table "audit_event" alter column "request_id" drop not null;`);
    this.addSql(`alter table "audit_event" alter column "target_id" drop not null;`);
    this.addSql(`create index "audit_event_action_id_index" on "audit_event" ("action_id");`);
    this.addSql(
      `create index "audit_event_action_created_at_id_index" on "audit_event" ("action", "created_at", "id");`,
    );
    this.addSql(
      `create index "audit_event_actor_id_created_at_id_index" on "audit_event" ("actor_id", "created_at", "id");`,
    );
    this.addSql(
      `create index "audit_event_target_id_created_at_id_index" on "audit_event" ("target_id", "created_at", "id");`,
    );

    this.addSql(
      `alter table "audit_detail" add "before" jsonb null, add "after" jsonb null, add "operator" text null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "command" cascade;`);

    this.addSql(
      `alter table "audit_detail" drop column "before", drop column "after", drop column "operator";`,
    );

    this.addSql(`drop index "audit_event_action_id_index";`);
    this.addSql(`drop index "audit_event_action_created_at_id_index";`);
    this.addSql(`drop index "audit_event_actor_id_created_at_id_index";`);
    this.addSql(`drop index "audit_event_target_id_created_at_id_index";`);
    this.addSql(`alter table "audit_event" drop column "actor_kind", drop column "target_group";`);
    this.addSql(`alter table "audit_event" alter column "actor_client_id" set not null;`);
    this.addSql(`alter table "audit_event" alter column "target_id" set not null;`);
    this.addSql(`alter table "audit_event" alter column "request_id" set not null;`);
    this.addSql(
      `create index "audit_event_target_id_created_at_index" on "audit_event" ("target_id", "created_at");`,
    );
  }
}
