import type { GraphQLSchema } from 'graphql';
import { scopesNamedIn, type ViewerClass } from '../../src/graphql/access-matrix.js';
import type { Client, TestApi } from './api.js';
import type { ProbedRows } from './probed-rows.js';

/** Every attribute that a field shows, so that null can only come from a rule. */
const ATTRIBUTES = {
  given_name: 'Uma',
  family_name: 'Sharma',
  nickname: 'Nick',
  preferred_username: 'nick',
  picture: 'https://example.com/picture.jpg',
  locale: 'en',
  website: 'https://example.com/',
  zoneinfo: 'Europe/Lisbon',
  phone_number: '+351210000000',
};

/** Who asks in `person` and `owner`, and whose the rows of another are. */
export async function probedPeople(api: TestApi): Promise<ProbedRows['people']> {
  return {
    own: await api.person({ attributes: ATTRIBUTES }),
    other: await api.person({ attributes: ATTRIBUTES }),
  };
}

/** Signs in a viewer of each class, people with every scope that a rule names. MEMBER is in the group `member`. */
export async function matrixViewers(
  api: TestApi,
  schema: GraphQLSchema,
  { own }: ProbedRows['people'],
): Promise<Record<ViewerClass, Client>> {
  const scopes = [...scopesNamedIn(schema)];
  const person = await api.as(own.email, scopes);
  return {
    anonymous: api.anonymous,
    person,
    owner: person,
    MEMBER: await api.as({ groups: ['member'], scopes }),
    SUPPORT: await api.as({ groups: ['support'], scopes }),
    ADMIN: await api.as({ groups: ['admin'], scopes }),
    client: await api.asClient({ scopes: ['unheard/of'] }),
  };
}
