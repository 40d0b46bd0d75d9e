import { GraphQLDateTime } from 'graphql-scalars';
import { Ctx, Field, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role } from '../../auth/role.js';
import type { ClientViewer, PersonViewer } from '../../auth/viewer.js';
import { User, viewersOf } from '../../directory/index.js';
import { UnauthenticatedError } from '../../errors.js';
import type { Context } from '../../request/context.js';

enum ViewerKind {
  USER = 'USER',
  CLIENT = 'CLIENT',
}
registerEnumType(ViewerKind, {
  name: 'ViewerKind',
  valuesConfig: {
    USER: { description: 'A person.' },
    CLIENT: { description: 'A machine client, by the client credentials grant.' },
  },
});

@Authorized({ clients: true })
@ObjectType('Viewer', { description: 'Who is asking, and with what.' })
export class ViewerType {
  @Field(() => ViewerKind)
  readonly kind!: ViewerKind;

  @Field(() => User, { nullable: true, description: 'Null for a machine client.' })
  readonly user!: User | null;

  @Field(() => [Role], { description: 'What the viewer may be here.' })
  readonly roles!: Role[];

  @Field(() => [String], { description: "The token's pool groups." })
  readonly groups!: readonly string[];

  @Field(() => [String], { description: "The token's scopes." })
  readonly scopes!: readonly string[];

  @Field(() => String, { description: 'The app client that the token was issued to.' })
  readonly clientId!: string;

  @Field(() => GraphQLDateTime)
  readonly tokenExpiresAt!: Date;

  @Field(() => Boolean, {
    description:
      'Whether a new token would give the viewer a role more: refresh it. The header `x-token-stale` says it of any request.',
  })
  readonly tokenStale!: boolean;
}

@Resolver()
export class ViewerResolver {
  @Authorized({ clients: true })
  @Query(() => ViewerType, { description: 'Who is asking, and with what.' })
  viewer(@Ctx() { viewer, app }: Context): ViewerType {
    if (viewer.kind === 'anonymous') throw new UnauthenticatedError('Sign in to do this.');
    if (viewer.kind === 'client')
      return { ...described(viewer), kind: ViewerKind.CLIENT, user: null, tokenStale: false };
    const { tokenStale } = viewer;
    const user = viewersOf(app).userOf(viewer);
    return { ...described(viewer), kind: ViewerKind.USER, user, tokenStale };
  }
}

function described({ token, roles }: PersonViewer | ClientViewer) {
  return {
    roles: [...roles],
    groups: token.groups,
    scopes: token.scopes,
    clientId: token.clientId,
    tokenExpiresAt: new Date(token.expiresAt * 1000),
  };
}
