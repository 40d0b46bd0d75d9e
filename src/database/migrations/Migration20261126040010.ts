import { Migration } from '@mikro-orm/migrations';

export class Migration20261126040010 extends Migration {
  override name = 'Migration20261126040010';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "app_user" add "listed_identity_id" uuid null, add "listed_status" text null, add "listed_enabled" boolean null, add "listed_names" text null, add "listed_contacts" text null, add "listed_name" text collate "C" null, add "listed_email" text collate "C" null, add "listed_email_verified" boolean null, add "listed_phone" text collate "C" null, add "listed_username" text collate "C" null, add "listed_groups" text[] null, add "listed_last_seen_at" timestamptz null, add "listed_pool_modified_at" timestamptz null;`,
    );
    this.addSql(`create index "app_user_listed_phone_index" on "app_user" ("listed_phone");`);
    this.addSql(`create index "app_user_listed_username_index" on "app_user" ("listed_username");`);
    this.addSql(
      `create index "app_user_listed_groups_index" on "app_user" using gin ("listed_groups");`,
    );
    this.addSql(
      `create index "app_user_groups_missing_index" on "app_user" ("id") where listed_groups is null and listed_identity_id is not null;`,
    );
    this.addSql(
      `create index "app_user_profile_missing_index" on "app_user" ("id") where listed_names is null and listed_identity_id is not null;`,
    );
    this.addSql(
      `create index "app_user_unverified_index" on "app_user" ("created_at", "id") where listed_email_verified = false;`,
    );
    this.addSql(
      `create index "app_user_disabled_index" on "app_user" ("created_at", "id") where listed_enabled = false;`,
    );
    this.addSql(
      `create index "app_user_listed_status_created_at_id_index" on "app_user" ("listed_status", "created_at", "id");`,
    );
    this.addSql(
      `create index "app_user_listed_pool_modified_at_id_index" on "app_user" ("listed_pool_modified_at", "id");`,
    );
    this.addSql(
      `create index "app_user_listed_last_seen_at_id_index" on "app_user" ("listed_last_seen_at", "id");`,
    );
    this.addSql(
      `create index "app_user_listed_email_id_index" on "app_user" ("listed_email", "id");`,
    );
    this.addSql(
      `create index "app_user_listed_name_id_index" on "app_user" ("listed_name", "id");`,
    );

    this.addSql(
      `alter table "pool_profile" add "search_names" text null, add "search_contacts" text null, add "email_key" text collate "C" null, add "phone_key" text collate "C" null, add "username_key" text collate "C" null;`,
    );
    this.addSql(`create index "pool_profile_email_key_index" on "pool_profile" ("email_key");`);
    this.addSql(`create index "pool_profile_phone_key_index" on "pool_profile" ("phone_key");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "app_user_listed_phone_index";`);
    this.addSql(`drop index "app_user_listed_username_index";`);
    this.addSql(`drop index "app_user_listed_groups_index";`);
    this.addSql(`drop index "app_user_groups_missing_index";`);
    this.addSql(`drop index "app_user_profile_missing_index";`);
    this.addSql(`drop index "app_user_unverified_index";`);
    this.addSql(`drop index "app_user_disabled_index";`);
    this.addSql(`drop index "app_user_listed_status_created_at_id_index";`);
    this.addSql(`drop index "app_user_listed_pool_modified_at_id_index";`);
    this.addSql(`drop index "app_user_listed_last_seen_at_id_index";`);
    this.addSql(`drop index "app_user_listed_email_id_index";`);
    this.addSql(`drop index "app_user_listed_name_id_index";`);
    this.addSql(
      `alter table "app_user" drop column "listed_identity_id", drop column "listed_status", drop column "listed_enabled", drop column "listed_names", drop column "listed_contacts", drop column "listed_name", drop column "listed_email", drop column "listed_email_verified", drop column "listed_phone", drop column "listed_username", drop column "listed_groups", drop column "listed_last_seen_at", drop column "listed_pool_modified_at";`,
    );

    this.addSql(`drop index "pool_profile_email_key_index";`);
    this.addSql(`drop index "pool_profile_phone_key_index";`);
    this.addSql(
      `alter table "pool_profile" drop column "search_names", drop column "search_contacts", drop column "email_key", drop column "phone_key", drop column "username_key";`,
    );
  }
}
