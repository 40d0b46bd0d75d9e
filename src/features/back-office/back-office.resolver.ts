import { Arg, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role } from '../../auth/role.js';
import { User } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { disableUser, enableUser } from './account-access.js';
import { DisableUserInput, EnableUserInput } from './back-office.inputs.js';

@ObjectType()
abstract class UserActionPayload {
  @Field(() => User, { description: 'The user, after it.' })
  user!: User;
}

@ObjectType()
class DisableUserPayload extends UserActionPayload {}

@ObjectType()
class EnableUserPayload extends UserActionPayload {}

@Resolver()
export class BackOfficeResolver {
  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => DisableUserPayload, {
    description: 'Stops a user from signing in and refuses the tokens they hold, from now on.',
  })
  async disableUser(
    @Arg('input', () => DisableUserInput) input: DisableUserInput,
    @Ctx() context: Context,
  ): Promise<DisableUserPayload> {
    return { user: await disableUser(context, input) };
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => EnableUserPayload, {
    description: 'Lets a disabled user sign in again; tokens of before stay refused.',
  })
  async enableUser(
    @Arg('input', () => EnableUserInput) input: EnableUserInput,
    @Ctx() context: Context,
  ): Promise<EnableUserPayload> {
    return { user: await enableUser(context, input) };
  }
}
