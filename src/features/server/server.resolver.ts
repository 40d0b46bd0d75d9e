import { Field, ObjectType, Query, Resolver } from 'type-graphql';
import { Public } from '../../auth/authorized.js';
import { SERVER_NAME, SERVER_VERSION } from '../../version.js';

@Public('Tells no more than the answer of any request does.')
@ObjectType({ description: 'The server itself.' })
class Server {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly version!: string;
}

@Resolver()
export class ServerResolver {
  @Public('Lets a client see that it speaks to the right server.')
  @Query(() => Server, { description: 'What answers here.' })
  server(): Server {
    return { name: SERVER_NAME, version: SERVER_VERSION };
  }
}
