import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, minifySync, type Plugin, type Rolldown } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const OUT = here('dist/bundle');
const SERVE = here('dist/src/serve.js');
const PROGRAM = here('dist/src/cli/program.js');

/** These are loaded by their names. */
const migrations = readdirSync(here('dist/src/database/migrations')).filter((file) =>
  /^Migration\d+\.js$/.test(file),
);

const isOwn = (id: string) => id.startsWith(here('dist/src/'));

/** Which file a package's code goes to, for what a start loads anyway; the rest is loaded when it is asked for. */
const packageFiles = new Map<string, string>();

/**
 * The server and its packages in a few files, `dist/bundle`: to load 2,000 files one by one is most of what
 * a start costs. It is made of what the compiler has written, so that decorators mean the same. It has no source maps,
 * which Node would read at the start; our own code is as readable there as what it was made of.
 */
export default defineConfig({
  plugins: [
    filesOf({ base: SERVE, packages: here('dist/src/app.js'), commands: PROGRAM }),
    quicklyRead(),
    withoutUndici(),
    hashedAtOnce(),
    madeOf(here('dist/.tsbuildinfo')),
  ],
  // PGlite and Koffi find their files beside their code; TypeGraphQL loads the other only where it is asked to validate.
  ssr: { noExternal: true, external: ['@electric-sql/pglite', 'koffi', 'class-validator'] },
  // As Node resolves: else packages that have a build for bundlers besides would come twice.
  resolve: {
    mainFields: ['main'],
    alias: [
      // graphql-jit names files of graphql by their paths.
      { find: /^graphql\/(.+)\.js$/, replacement: 'graphql/$1.mjs' },
    ],
  },
  build: {
    ssr: true,
    target: 'node24',
    outDir: OUT,
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: {
        serve: SERVE,
        program: PROGRAM,
        ...Object.fromEntries(
          migrations.map((file) => [
            `migrations/${basename(file, '.js')}`,
            here(`dist/src/database/migrations/${file}`),
          ]),
        ),
      },
      output: {
        // Entities, errors and types of the graph are known by the names of their classes.
        keepNames: true,
        comments: { legal: true, annotation: false, jsdoc: false },
        chunkFileNames: '[name].js',
        codeSplitting: {
          groups: [{ debugName: 'packages', name: (id) => packageFiles.get(id) ?? null }],
        },
      },
    },
  },
});

/** One file for the packages that each of these modules loads with it, in whichever way. */
function filesOf(modules: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'files-of',
    buildEnd() {
      for (const [file, module] of Object.entries(modules)) {
        const loaded = new Set([module]);
        for (const id of loaded) {
          if (!isOwn(id) && !packageFiles.has(id)) packageFiles.set(id, file);
          for (const imported of this.getModuleInfo(id)?.importedIds ?? []) loaded.add(imported);
        }
      }
    },
  };
}

/** Node decodes ASCII at once, and other texts a character at a time; of packages it need not read their layout. */
function quicklyRead(): Plugin {
  return {
    name: 'quickly-read',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        const dense = file.moduleIds.some(isOwn) ? file.code : withoutLayout(file);
        file.code = dense.replace(/[^\0-\x7f]/g, escaped);
      }
    },
  };
}

function withoutLayout({ fileName, code }: Rolldown.OutputChunk): string {
  const { code: dense, errors } = minifySync(fileName, code, {
    module: true,
    compress: false,
    mangle: false,
    codegen: { removeWhitespace: true },
  });
  if (errors.length > 0) throw new Error(`${fileName}: ${JSON.stringify(errors)}`);
  return dense;
}

/** Means the same within texts and regular expressions, where alone packages have such characters. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const UNDICI = new Set(['WebSocket', 'CloseEvent', 'MessageEvent']);

/**
 * Imports of `node:http` as `require` would do them: an `import` statement reads whatever the module has, and among it what
 * loads Node's `fetch` and `WebSocket`, which takes each start 40 ms and which no start needs.
 */
function withoutUndici(): Plugin {
  return replaced('without-undici', /^(node:)?http$/, () => {
    const ready = Object.keys(http).filter((exported) => !UNDICI.has(exported));
    return `const http = process.getBuiltinModule('node:http');
      export const { ${ready.join(', ')} } = http;
      export default http;`;
  });
}

/**
 * Of Apollo Server's `createHash` what it uses, which is to hash one text: it does so for each query, and an object of its
 * own takes longer than the hash. What comes with it hashes in JavaScript where it is bundled.
 */
function hashedAtOnce(): Plugin {
  return replaced(
    'hashed-at-once',
    /^@apollo\/utils\.createhash$/,
    () => `import { hash } from 'node:crypto';
      export const createHash = (kind) => ({
        update: (text) => ({ digest: (encoding) => hash(kind, text, encoding) }),
      });`,
  );
}

/** Loads this code instead of a module. */
function replaced(name: string, module: RegExp, code: () => string): Plugin {
  const virtual = `\0${name}`;
  return {
    name,
    enforce: 'pre',
    resolveId: (source) => (module.test(source) ? virtual : undefined),
    load: (id) => (id === virtual ? code() : undefined),
  };
}

/** Says what the bundle was made of: where that is not current, `src/loaded.ts` does without the bundle. */
function madeOf(source: string): Plugin {
  return {
    name: 'made-of',
    async writeBundle() {
      await writeFile(join(OUT, 'made-of'), hash('sha256', await readFile(source)));
    },
  };
}
