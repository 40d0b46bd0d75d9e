import { Migration } from '@mikro-orm/migrations';

/** Deletes what the mirror has kept of accounts that are gone. */
export class Migration20261127233900 extends Migration {
  override name = 'Migration20261127233900';

  override up(): void {
    this.addSql(
      `delete from pool_profile using identity
       where identity.id = pool_profile.identity_id and identity.deleted_at is not null;`,
    );
  }

  override down(): void {
    // Of accounts that are gone nothing can be read again.
  }
}
