import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import { Authorized, Owner } from '../auth/authorized.js';
import { Role, STAFF } from '../auth/role.js';
import type { ProfileAttribute } from '../config-schemas.js';
import type { MirroredAccount } from './mirror.js';
import { boundedText } from './plain-text.js';

/** The field that shows each attribute. */
export const PROFILE_FIELDS = {
  name: 'name',
  given_name: 'givenName',
  family_name: 'familyName',
  nickname: 'nickname',
  preferred_username: 'preferredUsername',
  picture: 'picture',
  locale: 'locale',
  zoneinfo: 'zoneinfo',
  website: 'website',
} as const satisfies Record<ProfileAttribute, keyof Profile>;

/** What the pool says of a person in OpenID Connect's terms; every value is the person's own claim. */
@Authorized({ roles: [...STAFF, Role.MEMBER], owner: true })
@ObjectType({
  description: 'What a person says of themselves, by the pool. Not verified by anyone.',
})
export class Profile {
  @Owner()
  readonly userId: string;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the pool was last asked; null when it never answered.',
  })
  readonly syncedAt: Date | null;

  @Field(() => Boolean, {
    description: 'True where that is too long ago to count: what is shown may have changed since.',
  })
  readonly stale: boolean;

  @Field(() => String, { nullable: true })
  readonly name: string | null;

  @Field(() => String, { nullable: true })
  readonly givenName: string | null;

  @Field(() => String, { nullable: true })
  readonly familyName: string | null;

  @Field(() => String, { nullable: true })
  readonly nickname: string | null;

  @Field(() => String, { nullable: true })
  readonly preferredUsername: string | null;

  @Field(() => String, { nullable: true, description: 'An https URL, or null.' })
  readonly picture: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `en-GB`.' })
  readonly locale: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `Europe/Lisbon`.' })
  readonly zoneinfo: string | null;

  @Field(() => String, { nullable: true, description: 'An https URL, or null.' })
  readonly website: string | null;

  constructor(userId: string, account: MirroredAccount | undefined) {
    const { attributesReadAt = null, attributes = {} } = account?.mirror ?? {};
    this.userId = userId;
    this.syncedAt = attributesReadAt;
    this.stale = account?.isFresh !== true;
    this.name = boundedText(attributes.name);
    this.givenName = boundedText(attributes.given_name);
    this.familyName = boundedText(attributes.family_name);
    this.nickname = boundedText(attributes.nickname);
    this.preferredUsername = boundedText(attributes.preferred_username);
    this.picture = webAddress(attributes.picture);
    this.locale = boundedText(attributes.locale);
    this.zoneinfo = boundedText(attributes.zoneinfo);
    this.website = webAddress(attributes.website);
  }
}

/** Other schemes, such as `javascript:`, could run in a page that shows the value. */
function webAddress(attribute: string | undefined): string | null {
  const value = boundedText(attribute);
  return value !== null && URL.canParse(value) && new URL(value).protocol === 'https:'
    ? value
    : null;
}
