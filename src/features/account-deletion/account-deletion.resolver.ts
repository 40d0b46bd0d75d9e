import { GraphQLDateTime } from 'graphql-scalars';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Authorized, OnDenied } from '../../auth/authorized.js';
import { Role, STAFF } from '../../auth/role.js';
import { personOf } from '../../auth/viewer.js';
import { User } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { RowsAlongside } from '../back-office/index.js';
import { CancelUserDeletionInput, DeleteMyAccountInput } from './account-deletion.inputs.js';
import { cancelOwnDeletion, cancelUserDeletion } from './cancel.js';
import { deletionLoader } from './deletion-loader.js';
import { ownPreview, scheduleDeletion } from './schedule.js';

@ObjectType()
class DeleteMyAccountPayload {
  @Field(() => GraphQLDateTime, {
    description:
      'From when on the account is deleted; until then `cancelAccountDeletion` takes it back.',
  })
  readonly deletionDueAt!: Date;

  @Field(() => Int, { description: 'Accounts at pools.' })
  readonly accounts!: number;

  @Field(() => [RowsAlongside], { description: 'What would go along now, besides the mirror.' })
  readonly alongside!: readonly RowsAlongside[];
}

@ObjectType()
class CancelAccountDeletionPayload {
  @Field(() => User, { description: 'The viewer, who stays.' })
  readonly user!: User;
}

@ObjectType()
class CancelUserDeletionPayload {
  @Field(() => User, { description: 'The user, who stays.' })
  readonly user!: User;
}

@Resolver()
export class AccountDeletionResolver {
  @Authorized()
  @Mutation(() => DeleteMyAccountPayload, {
    description:
      "Has the viewer's account deleted, at the pools and here, after a time in which it can be taken back and everything works as before. It takes a sign-in of the last 10 minutes. Asked again it answers the same moment.",
  })
  async deleteMyAccount(
    @Arg('input', () => DeleteMyAccountInput) input: DeleteMyAccountInput,
    @Ctx() context: Context,
  ): Promise<DeleteMyAccountPayload> {
    const preview = await ownPreview(context);
    const deletionDueAt = await scheduleDeletion(context, input);
    deletionLoader(context).clearAll();
    return { deletionDueAt, ...preview };
  }

  @Authorized()
  @Mutation(() => CancelAccountDeletionPayload, {
    description: "Keeps the viewer's account, whose deletion was asked for and has not begun.",
  })
  async cancelAccountDeletion(@Ctx() context: Context): Promise<CancelAccountDeletionPayload> {
    const { userId } = personOf(context.viewer);
    await cancelOwnDeletion(context, userId);
    return { user: await kept(context, userId) };
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => CancelUserDeletionPayload, {
    description: 'Keeps the account of a user who asked for its deletion.',
  })
  async cancelUserDeletion(
    @Arg('input', () => CancelUserDeletionInput) input: CancelUserDeletionInput,
    @Ctx() context: Context,
  ): Promise<CancelUserDeletionPayload> {
    return { user: await kept(context, await cancelUserDeletion(context, input)) };
  }
}

@Resolver(() => User)
export class UserDeletionResolver {
  @Authorized({ roles: [...STAFF], owner: true, onDenied: OnDenied.NULL })
  @FieldResolver(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When the account is deleted, as the user asked for; null where they did not. What is in the way puts it off.',
  })
  deletionDueAt(@Root() { id }: User, @Ctx() context: Context): Promise<Date | null> {
    return deletionLoader(context).load(id);
  }
}

function kept(context: Context, id: string): Promise<User> {
  deletionLoader(context).clearAll();
  return context.em.findOneOrFail(User, { id }, { connectionType: 'write' });
}
