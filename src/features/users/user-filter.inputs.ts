import { GraphQLDateTime } from 'graphql-scalars';
import { Field, InputType } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import { AccountStatus } from '../../directory/index.js';

const CONTAINS = 'at least 3 and at most 100 characters, without regard to case and diacritics';

@InputType({
  description:
    'Which users are listed: those for whom all that is given holds, by the account last used as the mirror has it.',
})
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description: `Contained in one of the names that the viewer may see; for staff also in the e-mail address, phone number or user name: ${CONTAINS}.`,
  })
  search?: string | null;

  @Field(() => String, { nullable: true, description: `Contained in the full name: ${CONTAINS}.` })
  name?: string | null;

  @Authorized({ roles: [...STAFF] })
  @Field(() => String, {
    nullable: true,
    description: 'The whole e-mail address, without regard to case.',
  })
  email?: string | null;

  @Authorized({ roles: [...STAFF] })
  @Field(() => Boolean, { nullable: true })
  emailVerified?: boolean | null;

  @Authorized({ roles: [...STAFF] })
  @Field(() => String, { nullable: true, description: 'The whole number, in the form of E.164.' })
  phoneNumber?: string | null;

  @Authorized({ roles: [...STAFF] })
  @Field(() => String, {
    nullable: true,
    description: "The pool's whole user name, without regard to case.",
  })
  username?: string | null;

  @Authorized({ roles: [...STAFF] })
  @Field(() => String, { nullable: true, description: 'The exact name of a pool group.' })
  group?: string | null;

  @Authorized({ roles: [...STAFF] })
  @Field(() => AccountStatus, { nullable: true })
  status?: AccountStatus | null;

  @Authorized({ roles: [...STAFF] })
  @Field(() => Boolean, { nullable: true })
  enabled?: boolean | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Made here at this moment or later.',
  })
  createdAfter?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Made here before this moment.' })
  createdBefore?: Date | null;

  @Authorized({ roles: [...STAFF] })
  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Last used at this moment or later.',
  })
  lastSeenAfter?: Date | null;

  @Authorized({ roles: [...STAFF] })
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Last used before this moment.' })
  lastSeenBefore?: Date | null;
}
