import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildASTSchema, parse, print } from 'graphql';
import { z } from 'zod';

type Documents = Parameters<typeof preset.buildGeneratesSection>[0]['documents'];
type Transform = (options: { documents: Documents }) => Documents;

/** The part of the example's `codegen.js` that it uses. */
const configuration = z.strictObject({
  schema: z.string(),
  documents: z.array(z.string()),
  generates: z.record(
    z.string(),
    z.strictObject({
      preset: z.literal('client'),
      presetConfig: z.record(z.string(), z.unknown()),
      documentTransforms: z.array(z.object({ transform: z.custom<Transform>() })),
      config: z.record(z.string(), z.unknown()),
    }),
  ),
});

/**
 * What `graphql-codegen` writes for a `codegen.js`, by file, without the 300 packages of its command line: by the
 * preset that it runs.
 */
export async function typesOf(configFile: string): Promise<ReadonlyMap<string, string>> {
  const folder = dirname(configFile);
  const { schema, documents, generates } = configuration.parse(
    (await import(pathToFileURL(configFile).href)).default,
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
  for (const [output, { presetConfig, config, documentTransforms }] of Object.entries(generates)) {
    const sections = await preset.buildGeneratesSection({
      baseOutputDir: join(folder, output),
      presetConfig,
      schema: schemaNode,
      schemaAst: buildASTSchema(schemaNode),
      documents: sources,
      config,
      pluginMap: {},
      plugins: [],
      documentTransforms: documentTransforms.map((transformObject, index) => ({
        name: `transform ${index}`,
        transformObject,
        config: {},
      })),
    });
    // One waits for what another one writes.
    await Promise.all(
      sections.map(async (section) => written.set(section.filename, await codegen(section))),
    );
  }
  return written;
}
