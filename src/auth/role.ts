import { registerEnumType } from 'type-graphql';

/** What a viewer may be in this application. The team's to extend: add a value and map it in `ROLE_GROUPS`. */
export enum Role {
  ADMIN = 'ADMIN',
  SUPPORT = 'SUPPORT',
  MEMBER = 'MEMBER',
}

/** Those who look after other people's accounts. */
export const STAFF: readonly Role[] = [Role.ADMIN, Role.SUPPORT];

registerEnumType(Role, {
  name: 'Role',
  description: 'What a viewer may be, by pool group (people) or scope (machine clients).',
  valuesConfig: {
    ADMIN: { description: 'May do everything.' },
    SUPPORT: { description: 'May see every account.' },
    MEMBER: { description: "May see other people's public profiles." },
  },
});
