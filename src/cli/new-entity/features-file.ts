const LIST = /^(export const features: readonly Feature\[\] = \[\n(?: {2}\w+,\n)*)(\];)$/gm;
const IMPORTS = /^(?:import .* from '\.\/features\/.*';\n)+/gm;

/**
 * `src/features.ts` with one feature more: its import and its line in the list.
 * @throws Error where the file has another form than the one that this looks for
 */
export function withFeature(source: string, feature: string, folder: string): string {
  if (source.match(LIST)?.length !== 1 || source.match(IMPORTS)?.length !== 1) {
    throw new Error(
      'src/features.ts has no `export const features: readonly Feature[] = [` with a line for each feature, below one block of imports: bring it into that form.',
    );
  }
  const line = `import { ${feature} } from './features/${folder}/index.js';\n`;
  return source
    .replace(IMPORTS, (imports) => imports + line)
    .replace(LIST, (_, list: string, end: string) => `${list}  ${feature},\n${end}`);
}
