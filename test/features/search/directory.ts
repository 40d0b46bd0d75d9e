import { withoutRowRules } from '../../../src/database/row-view.js';
import { Identity, User } from '../../../src/directory/index.js';
import { mirrored } from '../../../src/directory/mirrored-profile.js';
import { writeGroups, writeProfiles } from '../../../src/directory/pool-profile-rows.js';
import type { TestApi } from '../../support/api.js';
import type { Person } from './people.js';

/** Puts people into the directory as a walk through a pool would, and answers with them and those it has. */
export async function fillDirectory(
  { server, poolId }: TestApi,
  people: readonly Omit<Person, 'id' | 'username'>[],
): Promise<void> {
  const em = server.app.orm.em.fork();
  const identities = people.map((person, index) => {
    const { createdAt, lastSeenAt } = person;
    const user = em.create(User, { createdAt });
    const username = `Person-${index}`;
    return em.create(Identity, { user, poolId, subject: username, username, lastSeenAt });
  });
  await em.flush();
  const rows = people.map((person, index) => {
    const identity = identities[index];
    if (identity === undefined) throw new Error('Each person has an account.');
    return { person, identity };
  });
  await writeProfiles(
    em,
    new Map(
      rows.map(({ person, identity }) => [
        identity.id,
        mirrored(
          {
            subject: identity.subject,
            username: identity.username,
            attributes: person.attributes,
            status: person.status,
            enabled: person.enabled,
            createdAt: person.createdAt,
            modifiedAt: person.poolModifiedAt,
          },
          new Date(),
        ),
      ]),
    ),
  );
  const groups = rows.flatMap(({ person, identity }) =>
    person.groups === null
      ? []
      : [[identity.id, { names: person.groups, askedAt: new Date() }] as const],
  );
  await writeGroups(em, new Map(groups));
}

/** Everybody in the directory, from the tables that the triggers look at. */
export async function everybody({ server }: TestApi): Promise<readonly Person[]> {
  const em = withoutRowRules(server.app.orm.em, 'a test looks at everybody');
  const identities = await em.find(
    Identity,
    { deletedAt: null },
    { populate: ['user', 'poolProfile'] },
  );
  return identities.map((identity) => {
    const { user, username, lastSeenAt, poolProfile } = identity;
    if (poolProfile === null) throw new Error(`${username} has no profile.`);
    const { id, createdAt } = user.unwrap();
    const { attributes, status, enabled, poolModifiedAt, groups } = poolProfile;
    return {
      ...{ id, createdAt, lastSeenAt, username, attributes, status, enabled },
      ...{ poolModifiedAt, groups },
    };
  });
}
