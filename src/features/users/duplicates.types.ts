import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Account } from '../../directory/index.js';
import { PageInfo } from '../../graphql/pagination/index.js';

export enum DuplicateField {
  EMAIL = 'EMAIL',
  PHONE_NUMBER = 'PHONE_NUMBER',
}
registerEnumType(DuplicateField, {
  name: 'DuplicateField',
  description: 'What accounts are compared by.',
  valuesConfig: {
    EMAIL: { description: 'The e-mail address, without regard to case.' },
    PHONE_NUMBER: { description: 'The phone number.' },
  },
});

@ObjectType({ description: 'A value that several accounts have, in any pools.' })
export class Duplicate {
  @Field(() => String, { description: 'As it was compared: in lower case.' })
  readonly value!: string;

  @Field(() => Int, { description: 'How many accounts have it.' })
  readonly count!: number;

  @Field(() => [Account], {
    description: 'The accounts, those that have verified it first; at most 25.',
  })
  readonly accounts!: readonly Account[];
}

@ObjectType()
export class DuplicateEdge {
  @Field(() => String)
  readonly cursor!: string;

  @Field(() => Duplicate)
  readonly node!: Duplicate;
}

@ObjectType()
export class DuplicateConnection {
  @Field(() => [DuplicateEdge])
  readonly edges!: readonly DuplicateEdge[];

  @Field(() => [Duplicate])
  readonly nodes!: readonly Duplicate[];

  @Field(() => PageInfo)
  readonly pageInfo!: PageInfo;
}
