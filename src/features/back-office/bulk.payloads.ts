import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { User } from '../../directory/index.js';
import type { BulkState } from './bulk.js';

enum BulkItemState {
  DONE = 'DONE',
  WOULD_BE_DONE = 'WOULD_BE_DONE',
  REFUSED = 'REFUSED',
  FAILED = 'FAILED',
  UNDER_WAY = 'UNDER_WAY',
}
registerEnumType(BulkItemState, {
  name: 'BulkItemState',
  valuesConfig: {
    WOULD_BE_DONE: { description: 'Of a dry run: no rule refuses it.' },
    REFUSED: { description: 'A rule or the pool refuses it; `code` and `message` say which.' },
    FAILED: { description: 'The pool is out of reach.' },
    UNDER_WAY: { description: 'The pool may have done it: the server goes on until it knows.' },
  },
});

@ObjectType({ description: 'What came of one item, in the order of the input.' })
export class BulkItem {
  @Field(() => BulkItemState)
  state!: BulkState;

  @Field(() => ID, { nullable: true, description: "The action's name in the audit log." })
  actionId!: string | null;

  @Field(() => User, { nullable: true, description: 'The user, after it.' })
  user!: User | null;

  @Field(() => String, { nullable: true, description: 'Of the error, where there is one.' })
  code!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the error, or of accounts that were left alone.',
  })
  message!: string | null;
}

@ObjectType()
abstract class BulkPayload {
  @Field(() => [BulkItem])
  items!: readonly BulkItem[];

  @Field(() => Int, { description: 'Items that were done, or would be.' })
  done!: number;

  @Field(() => Int, { description: 'The others.' })
  notDone!: number;
}

@ObjectType()
export class DisableUsersPayload extends BulkPayload {}
@ObjectType()
export class EnableUsersPayload extends BulkPayload {}
@ObjectType()
export class DeleteUsersPayload extends BulkPayload {}
@ObjectType()
export class AddUsersToGroupPayload extends BulkPayload {}
@ObjectType()
export class RemoveUsersFromGroupPayload extends BulkPayload {}
@ObjectType()
export class InviteUsersPayload extends BulkPayload {}
