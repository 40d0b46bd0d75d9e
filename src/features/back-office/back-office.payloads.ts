import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { User } from '../../directory/index.js';
import type { Fate } from './alongside.js';
import { Group } from './group.js';

@ObjectType()
abstract class ActionPayload {
  @Field(() => ID, { description: "The action's name in the audit log." })
  actionId!: string;
}

@ObjectType()
abstract class UserActionPayload extends ActionPayload {
  @Field(() => User, { description: 'The user, after it.' })
  user!: User;
}

@ObjectType()
export class DisableUserPayload extends UserActionPayload {}
@ObjectType()
export class EnableUserPayload extends UserActionPayload {}
@ObjectType()
export class SignOutUserPayload extends UserActionPayload {}
@ObjectType()
export class UpdateUserAttributesPayload extends UserActionPayload {}
@ObjectType()
export class ResetUserPasswordPayload extends UserActionPayload {}
@ObjectType()
export class SetTemporaryPasswordPayload extends UserActionPayload {}
@ObjectType()
export class ResendInvitationPayload extends UserActionPayload {}
@ObjectType()
export class AddUserToGroupPayload extends UserActionPayload {}
@ObjectType()
export class RemoveUserFromGroupPayload extends UserActionPayload {}
@ObjectType()
export class InviteUserPayload extends UserActionPayload {}

export enum RowFate {
  DELETED = 'DELETED',
  DETACHED = 'DETACHED',
  IN_THE_WAY = 'IN_THE_WAY',
}
registerEnumType(RowFate, {
  name: 'RowFate',
  description: 'What becomes of rows that refer to a user who is deleted.',
  valuesConfig: {
    DELETED: { description: 'They are deleted too.' },
    DETACHED: { description: 'They stay, and refer to nobody.' },
    IN_THE_WAY: { description: 'They keep the user from being deleted.' },
  },
});

@ObjectType({ description: 'Rows of one table that refer to a user.' })
export class RowsAlongside {
  @Field(() => String)
  table!: string;

  @Field(() => String, { description: 'The column that refers to the user.' })
  column!: string;

  @Field(() => Int)
  rows!: number;

  @Field(() => RowFate)
  fate!: Fate;
}

@ObjectType()
export class DeleteUserPayload {
  @Field(() => ID, {
    nullable: true,
    description: "The action's name in the audit log; null after a dry run.",
  })
  actionId!: string | null;

  @Field(() => ID)
  deletedId!: string;

  @Field(() => Int, { description: 'Accounts at pools.' })
  accounts!: number;

  @Field(() => [RowsAlongside], { description: 'What goes along, besides the mirror.' })
  alongside!: readonly RowsAlongside[];
}

@ObjectType()
abstract class GroupActionPayload extends ActionPayload {
  @Field(() => Group, { description: 'The group, after it.' })
  group!: Group;
}

@ObjectType()
export class CreateGroupPayload extends GroupActionPayload {}
@ObjectType()
export class UpdateGroupPayload extends GroupActionPayload {}
@ObjectType()
export class DeleteGroupPayload extends ActionPayload {
  @Field(() => String)
  deletedName!: string;
}
