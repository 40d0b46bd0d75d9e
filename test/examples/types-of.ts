import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildASTSchema, parse, print } from 'graphql';
import { z } from 'zod';

/** The part of the example's `codegen.json` that it uses. */
const configuration = z.strictObject({
  schema: z.string(),
  documents: z.array(z.string()),
  generates: z.record(
    z.string(),
    z.strictObject({
      preset: z.literal('client'),
      presetConfig: z.record(z.string(), z.unknown()),
      config: z.record(z.string(), z.unknown()),
    }),
  ),
});

/**
 * What `graphql-codegen` writes for a `codegen.json`, by file, without the 300 packages of its command line: by the
 * preset that it runs.
 */
export async function typesOf(configFile: string): Promise<ReadonlyMap<string, string>> {
  const folder = dirname(configFile);
  const { schema, documents, generates } = configuration.parse(
    JSON.parse(await readFile(configFile, 'utf8')),
  );
  const schemaNode = parse(await readFile(join(folder, schema), 'utf8'));
  const sources = await Promise.all(
    globSync(documents, { cwd: folder })
      .sort()
      .map(async (name) => {
        const location = join(folder, name);
        const document = parse(await readFile(location, 'utf8'), { noLocation: true });
        return { location, document, rawSDL: print(document) };
      }),
  );
  const written = new Map<string, string>();
  for (const [output, { presetConfig, config }] of Object.entries(generates)) {
    const sections = await preset.buildGeneratesSection({
      baseOutputDir: join(folder, output),
      presetConfig,
      schema: schemaNode,
      schemaAst: buildASTSchema(schemaNode),
      documents: sources,
      config,
      pluginMap: {},
      plugins: [],
    });
    for (const section of sections) written.set(section.filename, await codegen(section));
  }
  return written;
}
