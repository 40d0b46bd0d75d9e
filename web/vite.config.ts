import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The pages, built into dist/web: `sandbox/index.html` and what it loads, named by its content. */
export default defineConfig({
  root: here('.'),
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    assetsDir: 'sandbox/assets',
    target: 'es2022',
    // Monaco, the editor, is one large piece that is needed at once.
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      input: here('sandbox/index.html'),
      // GraphiQL's packages have directives for a compiler that has already run.
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
