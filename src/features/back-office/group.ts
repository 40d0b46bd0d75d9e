import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role, STAFF } from '../../auth/role.js';
import type { Config } from '../../config.js';
import type { PoolGroup } from '../../user-pool/index.js';

@Authorized({ roles: [...STAFF] })
@ObjectType({ description: 'A group of a user pool.' })
export class Group {
  @Field(() => String)
  readonly poolId: string;

  @Field(() => String)
  readonly name: string;

  @Field(() => String, { nullable: true })
  readonly description: string | null;

  @Field(() => Int, { nullable: true, description: 'The lower, the more it counts.' })
  readonly precedence: number | null;

  @Field(() => GraphQLDateTime)
  readonly createdAt: Date;

  @Field(() => GraphQLDateTime)
  readonly modifiedAt: Date;

  @Field(() => [Role], { description: 'What its members may be in this application.' })
  readonly roles: readonly Role[];

  constructor(poolId: string, group: PoolGroup, { roleGroups }: Pick<Config, 'roleGroups'>) {
    this.poolId = poolId;
    this.name = group.name;
    this.description = group.description;
    this.precedence = group.precedence;
    this.createdAt = group.createdAt;
    this.modifiedAt = group.modifiedAt;
    const given = roleGroups.filter(
      (rule) => rule.group === group.name && (rule.poolId === undefined || rule.poolId === poolId),
    );
    this.roles = [...new Set(given.map(({ role }) => role))];
  }
}
