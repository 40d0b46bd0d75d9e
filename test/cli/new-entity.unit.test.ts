import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { type NewEntityOptions, newEntity } from '../../src/cli/new-entity/new-entity.js';

describe('what would be written', () => {
  async function dryRun(name: string, options: NewEntityOptions): Promise<string> {
    const output = new PassThrough();
    const [written] = await Promise.all([
      text(output),
      newEntity(name, { ...options, dryRun: true }, output).finally(() => output.end()),
    ]);
    return written;
  }

  const refusal = async (name: string, options: NewEntityOptions) =>
    String(await dryRun(name, options).catch((error: unknown) => error));

  test('is printed by --dry-run, every kind of field among it', async () => {
    const fields =
      'name:text(80) count:int weight:float price:decimal(18,4)? isSold:boolean madeOn:date seenAt:datetime? externalId:uuid size:BoatSize(small, very-large)? owner:User? sister:Boat?';
    const written = await dryRun('Boat', { fields });
    expect(written).toContain("VERY_LARGE = 'VERY_LARGE'");
    expect(written).toContain(
      "@Property({ type: 'decimal', precision: 18, scale: 4, nullable: true })",
    );
    expect(written).toContain('export class BoatBoatsResolver');
    expect(written).toContain('export class UserBoatsResolver');
    expect(written).toContain('  boats,\n];');
    expect(written).toContain('Nothing was written.');
  });

  test('says who sees the rows where nobody owns them', async () => {
    const everyone = 'Every signed-in person sees all rows';
    expect(await dryRun('Boat', { fields: 'name:text' })).toContain(everyone);
    expect(await dryRun('Boat', { fields: 'name:text', owner: true })).not.toContain(everyone);
  });

  test('has the plural that is given', async () => {
    const written = await dryRun('News', {
      fields: 'title:text',
      plural: 'NewsItems',
      owner: true,
    });
    expect(written).toContain('--- src/features/news-items/news.entity.ts');
    expect(written).toContain('newsItems(');
  });

  test('gives a relation that is called user, where nobody owns the row, by its name', async () => {
    const written = await dryRun('Seat', { fields: 'number:int user:User' });
    expect(written).toContain('await api.row(Seat, { user: parent })');
    const owned = await dryRun('Seat', { fields: 'number:int', owner: true });
    expect(owned).toContain('await api.row(Seat, { owner: parent })');
  });

  test('is nothing where something is in the way, all of which is said at once', async () => {
    const said = await refusal('User', {
      fields: 'id:int class:text total:decimals order:Order user:text user:text',
      owner: true,
      ownerThrough: 'order',
    });
    for (const part of [
      'nothing was written',
      '"total:decimals" has a type that there is not. Use text',
      '--owner and --owner-through exclude each other',
      'the graph has a type User already',
      'Query has a field users already',
      'the database has a table app_user already',
      'src/features/users is there already',
      'every entity has id already',
      'the name class is reserved',
      'there are two fields user',
      'order leads to Order, which is no entity',
    ])
      expect(said).toContain(part);
  });

  test('says of a bad field once that it is bad', async () => {
    const said = await refusal('Boat', { fields: 'name' });
    expect(said).toContain('the field "name" is no field');
    expect(said).not.toContain('no field of its own');
  });

  test.each([
    ['order item', { fields: 'name:text' }, 'is no name of an entity'],
    ['Query', { fields: 'name:text' }, 'the name Query is reserved'],
    ['Fish', {}, 'the entity has no field of its own'],
    ['Boat', { fields: 'captain:User' }, 'the entity has no field of its own'],
    ['Sheep', { fields: 'name:text', plural: 'Sheep' }, 'is its own plural'],
    [
      'News',
      { fields: 'title:text' },
      '"News" is its own plural. Give --plural, such as NewsItems',
    ],
    ['TimeSeries', { fields: 'title:text' }, 'Give --plural, such as TimeSeriesItems'],
    ['Subspecies', { fields: 'title:text' }, 'Give --plural, such as SubspeciesItems'],
    ['Boat', { fields: 'size:Size(1,2)' }, 'values that an enum cannot have'],
    ['Boat', { fields: 'role:Role(a,b)' }, 'a type Role already'],
    ['Boat', { fields: 'name:text(0)' }, 'has no such length'],
    ['Boat', { fields: 'name:text(10485761)' }, 'has no such length'],
    ['Boat', { fields: 'count:int(5..1)' }, 'has no such range'],
    ['Boat', { fields: 'price:decimal(2,4)' }, 'has no such digits'],
    ['Boat', { fields: 'price:decimal(1001,2)' }, 'has no such digits'],
    ['Boat', { fields: 'name' }, 'is no field'],
    ['Boat', { fields: 'name:text boat:Boat?' }, 'a relation cannot be called boat'],
    ['Boat', { fields: 'name:text sister:Boat' }, 'would need a row before the first'],
    [
      'Boat',
      { fields: 'name:text user:User', owner: true as const },
      '--owner makes the field user',
    ],
    ['Boat', { fields: 'name:text', ownerThrough: 'harbour' }, 'there is no relation harbour'],
    ['Boat', { fields: 'name:text skipper:User', ownerThrough: 'skipper' }, 'Give --owner instead'],
    [
      'Boat',
      { fields: 'name:text event:AuditEvent', ownerThrough: 'event' },
      'AuditEvent belongs to nobody. Give its entity an @Owner() and run npm run generate; or leave it out',
    ],
    ['Session', { fields: 'name:text' }, 'a type Session already'],
  ])('%s is refused: %j', async (name, options, why) => {
    expect(await refusal(name, options)).toContain(why);
  });
});
