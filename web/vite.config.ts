import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The console as files that the server sends: nothing of it comes from anywhere else. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // A policy without inline scripts: nothing is put into the page itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // While the console is worked on: its own server beside one of ours.
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8080' } },
});
