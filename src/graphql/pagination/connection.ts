import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import type { BaseEntity } from '../../database/base-entity.js';

@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean)
  readonly hasNextPage!: boolean;

  @Field(() => Boolean)
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true })
  readonly endCursor!: string | null;
}

export interface Edge<Row> {
  readonly cursor: string;
  readonly node: Row;
}

/** A page of a list in Relay's form; its rows are counted only when asked for. */
export interface Connection<Row> {
  readonly edges: readonly Edge<Row>[];
  readonly nodes: readonly Row[];
  readonly pageInfo: PageInfo;
  count(): Promise<number>;
}

/** The connection type of an entity: `<name>Connection` with `<name>Edge`. */
export function connectionOf<Row extends BaseEntity>(
  entity: ClassType<Row>,
  name: string,
): ClassType<Connection<Row>> {
  @ObjectType(`${name}Edge`)
  class EntityEdge implements Edge<Row> {
    @Field(() => String)
    readonly cursor!: string;

    @Field(() => entity)
    readonly node!: Row;
  }

  @ObjectType(`${name}Connection`)
  class EntityConnection implements Connection<Row> {
    @Field(() => [EntityEdge])
    readonly edges!: EntityEdge[];

    @Field(() => [entity])
    readonly nodes!: Row[];

    @Field(() => PageInfo)
    readonly pageInfo!: PageInfo;

    @Authorized({ roles: [...STAFF] })
    @Field(() => Int, {
      nullable: true,
      description: 'Of the whole list; counted only when asked for.',
    })
    totalCount(): Promise<number> {
      return this.count();
    }

    declare count: () => Promise<number>;
  }
  return EntityConnection;
}
