import { readdir } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { features } from '../src/features.js';
import type { Feature } from '../src/request/feature.js';

test('every folder of features/ is listed, so that none is forgotten', async () => {
  const folder = new URL('../src/features/', import.meta.url);
  const names = await readdir(folder);
  const offered = await Promise.all(
    names.map(async (name): Promise<Feature[]> => {
      const module: Record<string, Feature> = await import(
        new URL(`${name}/index.js`, folder).href
      );
      return Object.values(module).filter((value) => 'resolvers' in value);
    }),
  );
  expect(offered.map(({ length }) => length)).toEqual(names.map(() => 1));
  expect(new Set(features)).toEqual(new Set(offered.flat()));
});
