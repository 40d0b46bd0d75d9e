import { EntityManager } from '@mikro-orm/postgresql';
import { conditionSql, parentOf, quoted, type RowPath } from './row-path.js';
import type { RuledEntity } from './ruled-entity.js';

/** Whether rows with these ids are a user's; by what, and what is thrown where one is not. */
interface Question {
  readonly table: string;
  readonly key: string;
  readonly conditions: readonly string[];
  readonly orElse: Map<string, () => never>;
}

/** What has to be looked up before a flush may write: one statement for all rows of a kind. */
export class RowQuestions {
  readonly #questions = new Map<RowPath | RuledEntity, Question>();

  /** Whether the parent, to which a path leads, leads on to the user. */
  askParent(path: RowPath, id: string, orElse: () => never): void {
    const parent = parentOf(path.property);
    const [key] = parent?.getPrimaryProps() ?? [];
    if (parent === undefined || path.among === undefined) orElse();
    const column = quoted(key?.fieldNames[0]);
    this.#add(path, id, orElse, {
      table: quoted(parent.tableName),
      key: column,
      conditions: [`${column} in (${path.among})`],
    });
  }

  /** Whether the row itself is the user's. */
  askRow(entity: RuledEntity, id: string, orElse: () => never): void {
    const [key] = entity.meta.getPrimaryProps();
    this.#add(entity, id, orElse, {
      table: quoted(entity.meta.tableName),
      key: quoted(key?.fieldNames[0]),
      conditions: entity.paths.map(conditionSql),
    });
  }

  /** @throws what the question about the first row says that is not the user's */
  async settle(em: unknown, userId: string): Promise<void> {
    if (this.#questions.size === 0) return;
    if (!(em instanceof EntityManager)) throw new TypeError('Rows are looked up in SQL.');
    for (const { table, key, conditions, orElse } of this.#questions.values()) {
      const ids = [...orElse.keys()];
      const found = await em.execute<{ id: string }[]>(
        `select ${key} as id from ${table}
         where ${key} in (${ids.map(() => '?').join(', ')}) and ${conditions.join(' and ')}`,
        [...ids, ...conditions.map(() => userId)],
      );
      const theirs = new Set(found.map(({ id }) => id));
      for (const [id, refuse] of orElse) if (!theirs.has(id)) refuse();
    }
  }

  #add(
    about: RowPath | RuledEntity,
    id: string,
    orElse: () => never,
    question: Omit<Question, 'orElse'>,
  ): void {
    const known = this.#questions.get(about) ?? { ...question, orElse: new Map() };
    known.orElse.set(id, orElse);
    this.#questions.set(about, known);
  }
}
