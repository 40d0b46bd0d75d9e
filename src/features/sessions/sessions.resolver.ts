import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role } from '../../auth/role.js';
import { Session, User } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { SignOutUserInput, SignOutUserPayload } from '../back-office/index.js';
import { type EndedSession, endSession, signOut } from './end-session.js';
import { EndSessionInput } from './sessions.inputs.js';
import { signOutEverywhere, signOutUser } from './sign-out.js';

@ObjectType()
class SignOutPayload {
  @Field(() => Session, { description: 'The session, ended.' })
  readonly session!: Session;
}

@ObjectType()
class SignOutEverywherePayload {
  @Field(() => ID, { description: "The action's name in the audit log." })
  readonly actionId!: string;

  @Field(() => User, { description: 'The viewer.' })
  readonly user!: User;
}

@ObjectType()
class EndSessionPayload {
  @Field(() => ID, {
    nullable: true,
    description: "The action's name in the audit log; null for one's own session.",
  })
  readonly actionId!: string | null;

  @Field(() => Session, { description: 'The session, ended.' })
  readonly session!: Session;
}

@Resolver()
export class SessionsResolver {
  @Authorized()
  @Mutation(() => SignOutPayload, {
    description:
      "Ends this sign-in: its tokens, and those that are refreshed from it, are refused here from now on. The client revokes its refresh token at the pool itself (the pool's RevokeToken).",
  })
  async signOut(@Ctx() context: Context): Promise<SignOutPayload> {
    return { session: await signOut(context) };
  }

  @Authorized()
  @Mutation(() => SignOutEverywherePayload, {
    description:
      'Ends every sign-in of the viewer, at the pool and here. It takes a second or so: whoever signs in after the answer is let in.',
  })
  signOutEverywhere(@Ctx() context: Context): Promise<SignOutEverywherePayload> {
    return signOutEverywhere(context);
  }

  @Authorized()
  @Mutation(() => EndSessionPayload, {
    description: "Ends one session: one's own, or for an ADMIN anybody's, with a reason.",
  })
  endSession(
    @Arg('input', () => EndSessionInput) input: EndSessionInput,
    @Ctx() context: Context,
  ): Promise<EndedSession> {
    return endSession(context, input);
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => SignOutUserPayload, {
    description: 'Ends every sign-in of a user, at the pool and here.',
  })
  signOutUser(
    @Arg('input', () => SignOutUserInput) input: SignOutUserInput,
    @Ctx() context: Context,
  ): Promise<SignOutUserPayload> {
    return signOutUser(context, input);
  }
}
