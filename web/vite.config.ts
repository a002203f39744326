import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The server under `npm run dev`: where `cargo run` listens. */
const SERVER = process.env['PARLOR_DEV_SERVER'] ?? 'http://127.0.0.1:7880';

export default defineConfig({
  plugins: [react()],
  // The policy of the page allows fonts and pictures from files of its own only: nothing is put inline.
  build: {
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // The service worker stands at the root, under one name for good: from there it may answer for every page.
    rolldownOptions: {
      input: { index: 'index.html', sw: 'src/worker/sw.ts' },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
    // livekit-client is one piece of 540 kB, and is fetched when a call begins.
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: {
      '/api': SERVER,
      '/manifest.webmanifest': SERVER,
      '/rtc': { target: SERVER, ws: true },
    },
  },
  test: { environment: 'node', include: ['test/**/*.test.ts'], setupFiles: ['test/setup.ts'] },
});
