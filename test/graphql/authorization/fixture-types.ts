import 'reflect-metadata';
import {
  Arg,
  createUnionType,
  Field,
  ID,
  InputType,
  Int,
  InterfaceType,
  ObjectType,
  registerEnumType,
} from 'type-graphql';
import {
  Authorized,
  authorizedEnumValues,
  OnDenied,
  Owner,
  Public,
} from '../../../src/auth/authorized.js';
import { Role, STAFF } from '../../../src/auth/role.js';

export enum Order {
  NEWEST = 'NEWEST',
  OLDEST = 'OLDEST',
  BY_INCOME = 'BY_INCOME',
}
registerEnumType(Order, {
  name: 'Order',
  valuesConfig: { BY_INCOME: { description: 'Who earns most.' } },
});
authorizedEnumValues(Order, { BY_INCOME: { roles: [Role.ADMIN] } });

@InterfaceType()
export abstract class Thing {
  @Field(() => ID)
  id!: string;
}

@Authorized({ roles: [...STAFF, Role.MEMBER], owner: true })
@ObjectType({ implements: Thing, description: 'Somebody.' })
export class Person extends Thing {
  @Field(() => String)
  name: string;

  @Authorized({ roles: [...STAFF], owner: true, onDenied: OnDenied.NULL })
  @Field(() => String, { nullable: true })
  phone: string = '+351210000000';

  @Authorized({ roles: [Role.ADMIN] })
  @Field(() => Int, { nullable: true, simple: true, description: 'What they earn.' })
  income: number = 1000;

  @Authorized({ scopes: [['audit/read', 'audit/list'], ['audit/all']] })
  @Field(() => String, { nullable: true })
  trail: string = 'signed in';

  constructor(id: string, name: string) {
    super();
    this.id = id;
    this.name = name;
  }

  @Field(() => [String])
  titles(
    @Authorized({ roles: [Role.SUPPORT] })
    @Arg('drafts', () => Boolean, { nullable: true })
    drafts: boolean | undefined,
  ): string[] {
    return drafts ? ['draft'] : ['title'];
  }
}
Owner()(Person.prototype, 'id');

@Authorized({ roles: [Role.ADMIN], owner: true, onDenied: OnDenied.NULL })
@ObjectType({ implements: Thing })
export class Note extends Thing {
  @Field(() => String)
  text: string;

  @Owner()
  readonly author: Person;

  constructor(author: Person) {
    super();
    this.id = `note-of-${author.id}`;
    this.text = `by ${author.name}`;
    this.author = author;
  }
}

@ObjectType()
export class NoteConnection {
  @Field(() => [Note], { nullable: 'items' })
  readonly nodes: readonly Promise<Note>[];

  @Field(() => [Person])
  readonly authors: readonly Person[];

  constructor(nodes: readonly Promise<Note>[], authors: readonly Person[]) {
    this.nodes = nodes;
    this.authors = authors;
  }
}

/** No rule of its own: whoever gets it sees it, but for one field. */
@ObjectType()
export class Report {
  @Field(() => String)
  title: string = 'report';

  @Authorized({ clients: true, roles: [Role.ADMIN] })
  @Field(() => String)
  figures: string = '42';
}

@Public('It is on the door.')
@ObjectType()
export class Server {
  @Field(() => String)
  version: string = '1';

  @Authorized({ roles: [Role.ADMIN] })
  @Field(() => Report, { nullable: true })
  report: Report = new Report();
}

export const Found = createUnionType({ name: 'Found', types: () => [Person, Report] as const });

@InputType()
export class Filter {
  @Field(() => String, { nullable: true })
  name?: string;

  @Authorized({ roles: [Role.ADMIN] })
  @Field(() => String, { nullable: true, defaultValue: 'any' })
  phone?: string;

  @Field(() => Order, { nullable: true })
  order?: Order;

  @Field(() => [Filter], { nullable: true })
  any?: Filter[];
}
