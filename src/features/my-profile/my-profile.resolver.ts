import { Arg, Ctx, Field, Mutation, ObjectType, Resolver, registerEnumType } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { refreshOwnAccount, User } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { UpdateMyProfileInput } from './my-profile.inputs.js';
import { updateProfile } from './update-profile.js';

enum DeliveryMedium {
  EMAIL = 'EMAIL',
  SMS = 'SMS',
}
registerEnumType(DeliveryMedium, {
  name: 'DeliveryMedium',
  description: 'How the pool sends a code.',
});

@ObjectType({
  description:
    "A code that the pool has sent: the address counts once the code is given to the pool's VerifyUserAttribute.",
})
class PendingVerification {
  @Field(() => String, { description: "The attribute by the pool's name, such as `email`." })
  readonly attribute!: string;

  @Field(() => String, { description: 'Where the code went, masked by the pool.' })
  readonly destination!: string;

  @Field(() => DeliveryMedium)
  readonly medium!: 'EMAIL' | 'SMS';
}

@ObjectType()
class RefreshMyProfilePayload {
  @Field(() => User, { description: 'The viewer, as the pool has them now.' })
  readonly user!: User;
}

@ObjectType()
class UpdateMyProfilePayload {
  @Field(() => User, { description: 'The viewer, after it.' })
  readonly user!: User;

  @Field(() => [PendingVerification], {
    description:
      'What awaits verification. Until then the pool may go on showing the value of before.',
  })
  readonly pendingVerifications!: readonly PendingVerification[];
}

/** With it a token may change its own account at the pool ("UpdateUserAttributes" of the API reference). */
const SELF_SERVICE = 'aws.cognito.signin.user.admin';

@Resolver()
export class MyProfileResolver {
  @Authorized()
  @Mutation(() => RefreshMyProfilePayload, {
    description:
      "Reads the viewer's account and groups at the pool now: for clients that changed them there.",
  })
  async refreshMyProfile(@Ctx() context: Context): Promise<RefreshMyProfilePayload> {
    return { user: await refreshOwnAccount(context) };
  }

  @Authorized({ scopes: [[SELF_SERVICE]] })
  @Mutation(() => UpdateMyProfilePayload, {
    description:
      "Changes the viewer's own attributes at the pool, with the viewer's own token and its app client's permissions.",
  })
  updateMyProfile(
    @Arg('input', () => UpdateMyProfileInput) input: UpdateMyProfileInput,
    @Ctx() context: Context,
  ): Promise<UpdateMyProfilePayload> {
    return updateProfile(context, input);
  }
}
