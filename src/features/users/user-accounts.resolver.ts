import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Authorized, OnDenied } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import {
  Account,
  accountsLoader,
  groupsLoader,
  PoolAttribute,
  Profile,
  profileOf,
  User,
} from '../../directory/index.js';
import type { Context } from '../../request/context.js';

/** What the pools know of a user, through the mirror. */
@Resolver(() => User)
export class UserAccountsResolver {
  @FieldResolver(() => Profile, { description: 'What the person says of themselves, by the pool.' })
  profile(@Root() { id }: User, @Ctx() context: Context): Profile | Promise<Profile> {
    return profileOf(id, context);
  }

  @Authorized({ roles: [...STAFF], owner: true, onDenied: OnDenied.NULL })
  @FieldResolver(() => Account, { nullable: true, description: 'The account that was last used.' })
  async account(@Root() { id }: User, @Ctx() context: Context): Promise<Account | null> {
    const [lastUsed] = await accountsLoader(context).load(id);
    return lastUsed ?? null;
  }

  @Authorized({ roles: [...STAFF], owner: true, onDenied: OnDenied.NULL })
  @FieldResolver(() => [Account], {
    nullable: true,
    description: 'All accounts of the user, the one last used first.',
  })
  identities(@Root() { id }: User, @Ctx() context: Context): Promise<readonly Account[]> {
    return accountsLoader(context).load(id);
  }
}

@Resolver(() => Account)
export class AccountResolver {
  @FieldResolver(() => [String], {
    nullable: true,
    description: 'The pool groups; null while the pool cannot be asked.',
  })
  groups(@Root() account: Account, @Ctx() context: Context): Promise<readonly string[] | null> {
    return groupsLoader(context).load(account);
  }

  @FieldResolver(() => [PoolAttribute], {
    nullable: true,
    description: 'Raw attributes, by name; null while the pool cannot be asked.',
  })
  attributes(
    @Root() account: Account,
    @Arg('names', () => [String], { nullable: true }) names: string[] | undefined,
  ): PoolAttribute[] | null {
    return account.attributesOf(names);
  }
}
