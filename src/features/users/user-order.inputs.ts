import { Field, InputType, registerEnumType } from 'type-graphql';
import { authorizedEnumValues } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import { OrderDirection } from '../../graphql/pagination/index.js';

export enum UserOrderField {
  CREATED_AT = 'CREATED_AT',
  NAME = 'NAME',
  EMAIL = 'EMAIL',
  LAST_SEEN_AT = 'LAST_SEEN_AT',
  POOL_MODIFIED_AT = 'POOL_MODIFIED_AT',
}
registerEnumType(UserOrderField, {
  name: 'UserOrderField',
  description:
    'What users may be ordered by: of the account last used, and those without a value last in either direction.',
  valuesConfig: {
    CREATED_AT: { description: 'When the user was made here.' },
    NAME: {
      description: 'The full name, without regard to case and diacritics, by Unicode number.',
    },
    EMAIL: { description: 'The e-mail address, without regard to case.' },
    LAST_SEEN_AT: { description: 'When the account was last used.' },
    POOL_MODIFIED_AT: { description: 'When the pool last changed the account.' },
  },
});
authorizedEnumValues(UserOrderField, {
  EMAIL: { roles: STAFF },
  LAST_SEEN_AT: { roles: STAFF },
  POOL_MODIFIED_AT: { roles: STAFF },
});

@InputType({ description: 'An order of users; those that tie go by id.' })
export class UserOrder {
  @Field(() => UserOrderField)
  field!: UserOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC })
  direction!: OrderDirection;
}
