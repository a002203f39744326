import { defineConfig } from '@playwright/test';

// Pages and forms, and meetings only to be looked at: two of these side by side leave a machine of two cores room enough.
const PAGES = [
  'a11y', 'a11y-pages', 'around', 'chat', 'doors', 'elsewhere', 'keyboard', 'notices', 'people', 'remains', 'rooms', 'shortcuts', 'trees',
].map(name => `**/${name}.spec.ts`);

export default defineConfig({
  testDir: 'specs',
  outputDir: 'out',
  // The browsers of one test with sound and pictures fill two cores; a second test beside it would only measure the machine.
  // `cargo xtask test e2e` runs the project `pages` with two.
  workers: 1,
  projects: [
    { name: 'pages', testMatch: PAGES },
    { name: 'media', testIgnore: PAGES },
  ],
  // A test that needs a second attempt is a bug report: the summary names it as flaky. It is still no reason to hold back
  // all that the other tests say, so that on the machine that decides it gets one. Here it fails.
  retries: process.env['CI'] === 'true' ? 1 : 0,
  forbidOnly: process.env['CI'] === 'true',
  timeout: 120_000,
  // What is kept and compared: the accessibility trees.
  snapshotPathTemplate: 'trees/{arg}{ext}',
  expect: { timeout: 30_000 },
  reporter: [['list']],
});
