import { Collection, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, Property } from '@mikro-orm/decorators/legacy';
import {
  Arg,
  Args,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { Authorized, Members, Tenant } from '../../src/auth/authorized.js';
import { STAFF } from '../../src/auth/role.js';
import { BaseEntity, Node } from '../../src/database/base-entity.js';
import { User } from '../../src/directory/index.js';
import {
  type Connection,
  connectionOf,
  keysetPage,
  PageArgs,
} from '../../src/graphql/pagination/index.js';
import { uuidOf } from '../../src/graphql/uuid.js';
import type { Context } from '../../src/request/context.js';
import type { Feature } from '../../src/request/feature.js';

/** Its people's, and staff's. */
@Authorized({ roles: [...STAFF], owner: true })
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'planted_team' })
export class Team extends BaseEntity {
  @Field(() => String)
  @Property({ type: 'text' })
  name!: string;

  @Members()
  @OneToMany({ entity: () => Membership, mappedBy: 'team' })
  memberships = new Collection<Membership>(this);
}

@Entity({ tableName: 'planted_membership' })
export class Membership extends BaseEntity {
  @ManyToOne({ entity: () => Team, ref: true, deleteRule: 'cascade' })
  team!: Ref<Team>;

  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;
}

/** A team's. */
@Authorized({ roles: [...STAFF], owner: true })
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'planted_board' })
export class Board extends BaseEntity {
  @Field(() => String)
  @Property({ type: 'text' })
  title!: string;

  @Tenant()
  @ManyToOne({ entity: () => Team, ref: true, deleteRule: 'cascade' })
  team!: Ref<Team>;
}

const BoardConnection = connectionOf(Board, 'Board');

@InputType()
class CreateBoardInput {
  @Field(() => ID)
  teamId!: string;

  @Field(() => String)
  title!: string;
}

@InputType()
class UpdateBoardInput {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  title!: string;
}

@ObjectType()
class BoardPayload {
  @Field(() => Board)
  board!: Board;
}

@Resolver(() => Board)
class BoardsResolver {
  @Authorized()
  @Query(() => BoardConnection)
  boards(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Board>> {
    return keysetPage(
      context,
      { entity: Board, where: {}, orderBy: { by: 'id', direction: 'asc' } },
      page,
    );
  }

  @Authorized()
  @Mutation(() => BoardPayload)
  async createBoard(
    @Arg('input', () => CreateBoardInput) { teamId, title }: CreateBoardInput,
    @Ctx() { em }: Context,
  ): Promise<BoardPayload> {
    const team = await em.findOneOrFail(Team, { id: uuidOf('input.teamId', teamId) });
    const board = em.create(Board, { team, title });
    await em.flush();
    return { board };
  }

  @Authorized()
  @Mutation(() => BoardPayload)
  async updateBoard(
    @Arg('input', () => UpdateBoardInput) { id, title }: UpdateBoardInput,
    @Ctx() { em }: Context,
  ): Promise<BoardPayload> {
    const board = await em.findOneOrFail(Board, { id: uuidOf('input.id', id) });
    board.title = title;
    await em.flush();
    return { board };
  }
}

export const teams: Feature = { resolvers: [BoardsResolver], entities: [Team, Membership, Board] };
