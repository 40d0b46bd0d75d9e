import { pool } from '../people.ts';

/**
 * What PostGraphile shows: views and a function in a schema of their own, with smart comments for what a view
 * cannot say of itself. Who asks is a setting of the transaction, as its documentation has it.
 */
export async function makeGraph(): Promise<void> {
  await pool.query(`
    drop schema if exists graph cascade;
    create schema graph;
    create view graph.user as select id, created_at from app_user;
    comment on view graph.user is E'@primaryKey id';
    create view graph.profile as
      select identity.user_id, attributes->>'name' as name, attributes->>'picture' as picture
      from identity join pool_profile on pool_profile.identity_id = identity.id
      where identity.deleted_at is null;
    comment on view graph.profile is
      E'@primaryKey user_id\\n@foreignKey (user_id) references graph.user (id)|@fieldName user|@foreignSimpleFieldName profile|@foreignFieldName profile';
    create function graph.me() returns graph.user language sql stable as
      $$ select id, created_at from graph.user where id = current_setting('viewer.id')::uuid $$;
  `);
}
