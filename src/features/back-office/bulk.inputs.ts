import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';
import { ActionInput, InvitationMessage, InvitedInput } from './back-office.inputs.js';

@InputType()
abstract class BulkInput extends ActionInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Does nothing, and says of each what would be done.',
  })
  dryRun!: boolean;
}

@InputType()
abstract class UsersActionInput extends BulkInput {
  @Field(() => [ID], { description: 'At most 100.' })
  ids!: string[];
}

@InputType()
export class DisableUsersInput extends UsersActionInput {
  @Field(() => GraphQLDateTime, { nullable: true })
  until?: Date | null;
}

@InputType()
export class EnableUsersInput extends UsersActionInput {}

@InputType()
export class DeleteUsersInput extends UsersActionInput {}

@InputType()
export class AddUsersToGroupInput extends UsersActionInput {
  @Field(() => String)
  group!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Of users with accounts at several pools: which one.',
  })
  poolId?: string | null;
}

@InputType()
export class RemoveUsersFromGroupInput extends AddUsersToGroupInput {
  @Field(() => Boolean, { defaultValue: false })
  endSessions!: boolean;
}

@InputType()
export class InviteUsersInput extends BulkInput {
  @Field(() => String, { nullable: true, description: 'Where there are several pools.' })
  poolId?: string | null;

  @Field(() => [InvitedInput], { description: 'At most 100.' })
  users!: InvitedInput[];

  @Field(() => InvitationMessage, { defaultValue: InvitationMessage.EMAIL })
  message!: InvitationMessage;
}
