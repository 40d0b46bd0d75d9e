import { Field, InputType } from 'type-graphql';

/** The attribute of the pool that each input writes. */
export const ATTRIBUTES = {
  name: 'name',
  givenName: 'given_name',
  familyName: 'family_name',
  nickname: 'nickname',
  preferredUsername: 'preferred_username',
  picture: 'picture',
  locale: 'locale',
  zoneinfo: 'zoneinfo',
  website: 'website',
  email: 'email',
  phoneNumber: 'phone_number',
} as const satisfies Record<keyof UpdateMyProfileInput, string>;

@InputType({
  description:
    'What is to be changed: null removes, what is absent stays as it is. At most 2048 characters each.',
})
export class UpdateMyProfileInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  givenName?: string | null;

  @Field(() => String, { nullable: true })
  familyName?: string | null;

  @Field(() => String, { nullable: true })
  nickname?: string | null;

  @Field(() => String, { nullable: true })
  preferredUsername?: string | null;

  @Field(() => String, { nullable: true, description: 'An https URL.' })
  picture?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `en-GB`.' })
  locale?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `Europe/Lisbon`.' })
  zoneinfo?: string | null;

  @Field(() => String, { nullable: true, description: 'An https URL.' })
  website?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The pool may want it verified: see `pendingVerifications`.',
  })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'In the form of E.164, such as `+351210000000`.',
  })
  phoneNumber?: string | null;
}
