import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Authorized, Owner } from '../auth/authorized.js';
import { STAFF } from '../auth/role.js';
import type { MirroredAccount } from './mirror.js';
import type { MirroredProfile } from './mirrored-profile.js';
import { boundedText } from './plain-text.js';

/** Cognito's `UserStatus` as the graph's enum; the mirror keeps the same words. */
export enum AccountStatus {
  UNCONFIRMED = 'UNCONFIRMED',
  CONFIRMED = 'CONFIRMED',
  ARCHIVED = 'ARCHIVED',
  COMPROMISED = 'COMPROMISED',
  UNKNOWN = 'UNKNOWN',
  RESET_REQUIRED = 'RESET_REQUIRED',
  FORCE_CHANGE_PASSWORD = 'FORCE_CHANGE_PASSWORD',
  EXTERNAL_PROVIDER = 'EXTERNAL_PROVIDER',
}
registerEnumType(AccountStatus, {
  name: 'AccountStatus',
  description: "An account's state at the pool, in the pool's own words.",
});

@ObjectType({ description: 'A raw attribute of the pool.' })
export class PoolAttribute {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly value!: string;
}

/** A user's account at one pool, as staff and its owner see it. Null where the pool could not be asked. */
@Authorized({ roles: [...STAFF], owner: true })
@ObjectType('Identity', { description: "A user's account at one pool." })
export class Account {
  @Owner()
  readonly userId: string;

  readonly mirrored: MirroredAccount;

  @Field(() => String)
  readonly poolId: string;

  @Field(() => String, { description: "The pool's `sub`." })
  readonly subject: string;

  @Field(() => String, { description: "The name that the pool's admin operations want." })
  readonly username: string;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When a token of this account was last used, to within five minutes.',
  })
  readonly lastSeenAt: Date | null;

  constructor(mirrored: MirroredAccount) {
    const { identity } = mirrored;
    this.mirrored = mirrored;
    this.userId = identity.userId;
    this.poolId = identity.poolId;
    this.subject = identity.subject;
    this.username = identity.username;
    this.lastSeenAt = identity.lastSeenAt;
  }

  @Field(() => String, { nullable: true })
  email(): string | null {
    return this.#attribute('email');
  }

  @Field(() => Boolean, { nullable: true })
  emailVerified(): boolean | null {
    return this.#flag('email_verified');
  }

  @Field(() => String, { nullable: true, description: 'In the form of E.164.' })
  phoneNumber(): string | null {
    return this.#attribute('phone_number');
  }

  @Field(() => Boolean, { nullable: true })
  phoneNumberVerified(): boolean | null {
    return this.#flag('phone_number_verified');
  }

  @Field(() => AccountStatus, { nullable: true })
  status(): string | null {
    return this.#mirror?.status ?? null;
  }

  @Field(() => Boolean, { nullable: true, description: 'False while the account is disabled.' })
  enabled(): boolean | null {
    return this.#mirror?.enabled ?? null;
  }

  /** The attributes of these names, or all of them, sorted by name. */
  attributesOf(names: readonly string[] | undefined): PoolAttribute[] | null {
    if (this.#mirror === undefined) return null;
    return Object.entries(this.#mirror.attributes)
      .filter(([name]) => names === undefined || names.includes(name))
      .map(([name, value]) => ({ name, value: boundedText(value) ?? '' }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the pool made it.' })
  createdAt(): Date | null {
    return this.#mirror?.poolCreatedAt ?? null;
  }

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the pool last changed it.' })
  modifiedAt(): Date | null {
    return this.#mirror?.poolModifiedAt ?? null;
  }

  get #mirror(): MirroredProfile | undefined {
    return this.mirrored.mirror;
  }

  #attribute(name: string): string | null {
    return boundedText(this.#mirror?.attributes[name]);
  }

  /** Cognito writes `true` and `false`; an absent mark means not verified. */
  #flag(name: string): boolean | null {
    return this.#mirror === undefined ? null : this.#mirror.attributes[name] === 'true';
  }
}
