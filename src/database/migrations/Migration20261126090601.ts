import { Migration } from '@mikro-orm/migrations';

export class Migration20261126090601 extends Migration {
  override name = 'Migration20261126090601';

  override up(): void | Promise<void> {
    this.addSql(`alter table "audit_detail" add "network" text null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "audit_detail" drop column "network";`);
  }
}
