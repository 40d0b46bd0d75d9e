import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';

/** What every action is given. */
@InputType()
export abstract class ActionInput {
  @Field(() => String, { description: 'Why, for the audit log: 1 to 500 characters.' })
  reason!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Of 8 to 100 characters, made up for this action: for a day, the same again under it does nothing and gets the first answer.',
  })
  idempotencyKey?: string | null;
}

@InputType()
abstract class UserActionInput extends ActionInput {
  @Field(() => ID, { description: 'Whom it is done to.' })
  id!: string;
}

@InputType()
abstract class AccountActionInput extends UserActionInput {
  @Field(() => String, {
    nullable: true,
    description: 'Of a user with accounts at several pools: which one.',
  })
  poolId?: string | null;
}

@InputType()
export class DisableUserInput extends UserActionInput {
  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the server enables the user again, unless somebody has settled it by then.',
  })
  until?: Date | null;
}

@InputType()
export class SignOutUserInput extends UserActionInput {}

@InputType()
export class EnableUserInput extends UserActionInput {}

@InputType()
export class DeleteUserInput extends UserActionInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Does nothing, and says what would go along.',
  })
  dryRun!: boolean;
}

@InputType({ description: 'An attribute of the pool.' })
export class AttributeInput {
  @Field(() => String, {
    description: "By the pool's name, such as `given_name` or `custom:team`.",
  })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Null removes it.' })
  value?: string | null;
}

@InputType()
export class UpdateUserAttributesInput extends AccountActionInput {
  @Field(() => [AttributeInput], { description: 'What is not named stays as it is.' })
  attributes!: AttributeInput[];
}

@InputType()
export class ResetUserPasswordInput extends AccountActionInput {}

@InputType()
export class SetTemporaryPasswordInput extends AccountActionInput {
  @Field(() => String, { description: 'To be changed at the next sign-in.' })
  password!: string;
}

@InputType()
export class ResendInvitationInput extends AccountActionInput {}

@InputType()
export class AddUserToGroupInput extends AccountActionInput {
  @Field(() => String)
  group!: string;
}

@InputType()
export class RemoveUserFromGroupInput extends AddUserToGroupInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the tokens of before are refused too.',
  })
  endSessions!: boolean;
}

export enum InvitationMessage {
  EMAIL = 'EMAIL',
  SMS = 'SMS',
  NONE = 'NONE',
}
registerEnumType(InvitationMessage, {
  name: 'InvitationMessage',
  description: 'How the pool tells a person of an invitation.',
});

/** Whom to invite. */
@InputType()
export class InvitedInput {
  @Field(() => String, {
    nullable: true,
    description: 'By default the address; where the pool takes none as a name, one is made up.',
  })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'Counts as verified.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'In the form of E.164. Counts as verified.' })
  phoneNumber?: string | null;

  @Field(() => [AttributeInput], { nullable: true })
  attributes?: AttributeInput[] | null;

  @Field(() => [String], { nullable: true })
  groups?: string[] | null;
}

@InputType()
export class InviteUserInput extends InvitedInput {
  @Field(() => String, { description: 'Why, for the audit log: 1 to 500 characters.' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'As everywhere in the back office.' })
  idempotencyKey?: string | null;

  @Field(() => String, { nullable: true, description: 'Where there are several pools.' })
  poolId?: string | null;

  @Field(() => InvitationMessage, { defaultValue: InvitationMessage.EMAIL })
  message!: InvitationMessage;
}

@InputType()
export class DeleteGroupInput extends ActionInput {
  @Field(() => String, { nullable: true, description: 'Where there are several pools.' })
  poolId?: string | null;

  @Field(() => String)
  name!: string;
}

@InputType()
export class CreateGroupInput extends DeleteGroupInput {
  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => Int, { nullable: true, description: 'The lower, the more it counts.' })
  precedence?: number | null;
}

@InputType()
export class UpdateGroupInput extends CreateGroupInput {}
