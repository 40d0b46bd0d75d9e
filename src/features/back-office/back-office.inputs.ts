import { Field, ID, InputType } from 'type-graphql';

/** An action on one user. */
@InputType()
abstract class UserActionInput {
  @Field(() => ID, { description: 'Whom it is done to.' })
  id!: string;

  @Field(() => String, { description: 'Why, for the audit log: 1 to 500 characters.' })
  reason!: string;
}

@InputType()
export class DisableUserInput extends UserActionInput {}

@InputType()
export class EnableUserInput extends UserActionInput {}
