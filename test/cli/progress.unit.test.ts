import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { type PoolProgress, Progress } from '../../src/cli/progress.js';

const at = (change: Partial<PoolProgress>): PoolProgress => ({
  poolId: 'eu-west-1_Ab12Cd34E',
  phase: 'users',
  users: 0,
  estimated: 40_000,
  vanished: 0,
  perSecond: 0,
  ...change,
});

function shown(isTTY: boolean, ...looks: readonly PoolProgress[]): string {
  let text = '';
  const progress = new Progress({
    isTTY,
    write: (more) => {
      text += more;
    },
  });
  for (const look of looks) progress.show([look]);
  return text;
}

test('without a terminal there is a line for each part of the walk, and one now and then', () => {
  const looks = [
    at({ phase: 'waiting' }),
    at({ phase: 'groups' }),
    at({ users: 60 }),
    at({ users: 120, perSecond: 360 }),
    at({ phase: 'vanished', users: 39_000 }),
    at({ phase: 'done', users: 1, vanished: 2 }),
    at({ phase: 'done', users: 1, vanished: 2 }),
  ];
  expect(shown(false, ...looks).split('\n')).toEqual([
    'eu-west-1_Ab12Cd34E: waits for its turn',
    'eu-west-1_Ab12Cd34E: reads groups',
    'eu-west-1_Ab12Cd34E: reads users, 60 of about 40,000 (0%)',
    'eu-west-1_Ab12Cd34E: asks for accounts that were not met',
    'eu-west-1_Ab12Cd34E: done, 1 user, 2 vanished',
    '',
  ]);
});

test('on a terminal a bar moves, with the pace and the rest', () => {
  const text = shown(true, at({ users: 60 }), at({ users: 20_000, perSecond: 360 }));
  // The second look goes up over the first.
  expect(text.split('\u001b[1A')).toHaveLength(2);
  expect(stripVTControlCharacters(text).trimEnd().split('\n').at(-1)).toBe(
    'eu-west-1_Ab12Cd34E  ██████████░░░░░░░░░░  reads users, 20,000 of about 40,000 (50%), 360 a second, 56 s left',
  );
});

test.each([
  ['60 s left', 21_600],
  ['2 min left', 36_000],
  ['1.9 h left', 2_500_000],
])('the rest is told as %s', (rest, left) => {
  const estimated = 1_000 + left;
  expect(shown(false, at({ users: 1_000, estimated, perSecond: 360 }))).toContain(rest);
});

test('an estimate that is too small does not make more than the whole', () => {
  expect(shown(false, at({ users: 50_000, perSecond: 360 }))).toContain('(100%)');
});
