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

  readonly #attributes: Readonly<Record<string, string>>;

  constructor(userId: string, account: MirroredAccount | undefined) {
    this.userId = userId;
    this.syncedAt = account?.mirror?.attributesReadAt ?? null;
    this.stale = account?.isFresh !== true;
    this.#attributes = account?.mirror?.attributes ?? {};
  }

  @Field(() => String, { nullable: true })
  name(): string | null {
    return this.#text('name');
  }

  @Field(() => String, { nullable: true })
  givenName(): string | null {
    return this.#text('given_name');
  }

  @Field(() => String, { nullable: true })
  familyName(): string | null {
    return this.#text('family_name');
  }

  @Field(() => String, { nullable: true })
  nickname(): string | null {
    return this.#text('nickname');
  }

  @Field(() => String, { nullable: true })
  preferredUsername(): string | null {
    return this.#text('preferred_username');
  }

  @Field(() => String, { nullable: true, description: 'An https URL, or null.' })
  picture(): string | null {
    return this.#webAddress('picture');
  }

  @Field(() => String, { nullable: true, description: 'Such as `en-GB`.' })
  locale(): string | null {
    return this.#text('locale');
  }

  @Field(() => String, { nullable: true, description: 'Such as `Europe/Lisbon`.' })
  zoneinfo(): string | null {
    return this.#text('zoneinfo');
  }

  @Field(() => String, { nullable: true, description: 'An https URL, or null.' })
  website(): string | null {
    return this.#webAddress('website');
  }

  #text(attribute: string): string | null {
    return boundedText(this.#attributes[attribute]);
  }

  /** Other schemes, such as `javascript:`, could run in a page that shows the value. */
  #webAddress(attribute: string): string | null {
    const value = this.#text(attribute);
    return value !== null && URL.canParse(value) && new URL(value).protocol === 'https:'
      ? value
      : null;
  }
}
