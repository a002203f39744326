import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'specs',
  outputDir: 'out',
  // The browsers of one test fill two cores; a second test beside it would only measure the machine.
  workers: 1,
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
