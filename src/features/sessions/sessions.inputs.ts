import { Field, ID, InputType } from 'type-graphql';

@InputType()
export class EndSessionInput {
  @Field(() => ID, { description: 'The session to end.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "Why, for the audit log: 1 to 500 characters. Needed for somebody else's session alone.",
  })
  reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "As everywhere in the back office; of use for somebody else's session alone.",
  })
  idempotencyKey?: string | null;
}
