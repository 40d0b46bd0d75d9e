import { type EntitySpec, enumsOf, relationsOf } from './entity-spec.js';
import { camel, kebab } from './names.js';
import type { Project } from './project.js';
import { entityFile } from './templates/entity.js';
import { inputsFile, orderFile } from './templates/inputs.js';
import { indexFile, payloadsFile, resolverFile, resolversOf } from './templates/resolver.js';
import { testFile } from './templates/test.js';

/** The files of an entity, by path from the root, as yet unformatted. */
export function filesOf(spec: EntitySpec, project: Project): Readonly<Record<string, string>> {
  const { name, plural } = spec;
  const folder = `src/features/${kebab(plural)}`;
  const noun = kebab(name);
  const enums = enumsOf(spec).map(({ type }) => type);
  const entity = `./${noun}.entity.js`;
  const asType = { [entity]: [`type ${name}`, ...enums].join(',') };
  const inputs = ['Create', 'Update', 'Delete'].map((action) => `${action}${name}Input`);
  const payloads = ['Create', 'Update', 'Delete'].map((action) => `${action}${name}Payload`);
  const targets = Object.fromEntries(
    relationsOf(spec)
      .filter(({ type }) => type !== name && type !== 'User')
      .map(({ type }) => [project.moduleOf(type)?.replace(/^features\//, '../') ?? '', type]),
  );
  return {
    [`${folder}/${noun}.entity.ts`]: entityFile(spec, targets),
    [`${folder}/${noun}.inputs.ts`]: inputsFile(spec, asType),
    [`${folder}/${noun}-order.inputs.ts`]: orderFile(spec, asType),
    [`${folder}/${noun}.payloads.ts`]: payloadsFile(spec, { [entity]: name }),
    [`${folder}/${kebab(plural)}.resolver.ts`]: resolverFile(spec, {
      ...targets,
      [entity]: name,
      [`./${noun}.inputs.js`]: [...inputs, `${camel(name)}Values`, `changed${name}`].join(','),
      [`./${noun}-order.inputs.js`]: `${name}Order,keysetOrder`,
      [`./${noun}.payloads.js`]: payloads.join(','),
    }),
    [`${folder}/index.ts`]: indexFile(spec, {
      [entity]: name,
      [`./${kebab(plural)}.resolver.js`]: resolversOf(spec).join(','),
    }),
    [`test/features/${kebab(plural)}.test.ts`]: testFile(spec, project),
  };
}
