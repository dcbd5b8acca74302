/** How the console is built. */
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// A request costs more than some kilobytes: what every page needs is one file, what any picture, table and list needs another.
const reports = 'reports';
const groups = [
  { name: 'console', tags: ['$initial' as const] },
  { name: reports, test: /web\/src\/(reports|table|pictures|behind)\// },
];

/** Has the browser fetch the second file with the first, which asks for it only once it runs. */
const fetchedAhead: Plugin = {
  name: 'fetched-ahead',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.values(bundle)
        .filter(({ type, name }) => type === 'chunk' && name === reports)
        .map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
          injectTo: 'head',
        })),
  },
};

/** The console as files that the server sends: nothing of it comes from anywhere else. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), fetchedAhead],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // A policy without inline scripts: nothing is put into the page itself.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    // All that every page needs, in one: `npm run bench:console` says what it weighs as the network has it.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  // While the console is worked on: its own server beside one of ours.
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:8080' } },
});
