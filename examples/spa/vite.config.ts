import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // Where the local pool's sign-in page leads back to.
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  preview: { host: '127.0.0.1', port: 5173, strictPort: true },
  // The link is outside of this folder: it is to use this folder's packages all the same.
  resolve: { dedupe: ['@apollo/client', 'graphql', 'rxjs'] },
  build: { target: 'es2022' },
});
