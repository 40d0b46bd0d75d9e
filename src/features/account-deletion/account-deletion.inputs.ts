import { Field, ID, InputType } from 'type-graphql';

@InputType()
export class DeleteMyAccountInput {
  @Field(() => String, {
    nullable: true,
    description: 'Why, for the audit log: 1 to 500 characters. It is erased with the account.',
  })
  reason?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Does nothing, and says what would go along; it takes no recent sign-in.',
  })
  dryRun!: boolean;
}

@InputType()
export class CancelUserDeletionInput {
  @Field(() => ID, { description: 'Whose account is to be kept.' })
  id!: string;

  @Field(() => String, { description: 'Why, for the audit log: 1 to 500 characters.' })
  reason!: string;
}
