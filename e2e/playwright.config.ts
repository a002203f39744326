import { defineConfig } from '@playwright/test';

// Pages and forms, and meetings of few that are led, or only looked at: two of these side by side leave a machine of two cores
// room enough.
const PAGES = [
  'a11y', 'a11y-pages', 'afterwards', 'around', 'calls-trees', 'chat', 'conversations', 'devices', 'doors', 'elsewhere', 'forwarding', 'host', 'keyboard',
  'leading', 'notices', 'offline', 'people', 'programs', 'push', 'remains', 'rooms', 'search', 'shortcuts', 'trees', 'trouble', 'trusting',
].map(name => `**/${name}.spec.ts`);

// Meetings of two or three whose tests mostly wait: for a network that fails, for what comes back, for a ring to end. Two at a
// time they measure what they measure alone.
const FEW = [
  'addresses', 'bare', 'calls', 'calls-failing', 'calls-faults', 'calls-hold', 'codecs', 'faults', 'hooks', 'inviting', 'keypad', 'sdk', 'trial', 'voicemail',
].map(name => `**/${name}.spec.ts`);

export default defineConfig({
  testDir: 'specs',
  // The browsers of one test with sound and pictures fill two cores; a second test beside it would only measure the machine.
  // `cargo xtask test e2e` runs the projects `pages` and `few` with two.
  workers: 1,
  projects: [
    // Each keeps what it leaves: one that begins clears its own folder, and not what the other found.
    { name: 'pages', testMatch: PAGES, outputDir: 'out/pages' },
    { name: 'few', testMatch: FEW, outputDir: 'out/few' },
    { name: 'media', testIgnore: [...PAGES, ...FEW], outputDir: 'out/media' },
  ],
  // A test that needs a second attempt is a bug report: the summary names it as flaky. It is still no reason to hold back
  // all that the other tests say, so that on the machine that decides it gets one. Here it fails.
  retries: process.env['CI'] === 'true' ? 1 : 0,
  // Where this many fail for good, something is wrong that they share, and the rest would only say so again for an hour.
  maxFailures: process.env['CI'] === 'true' ? 12 : 0,
  forbidOnly: process.env['CI'] === 'true',
  timeout: 120_000,
  // What is kept and compared: the accessibility trees.
  snapshotPathTemplate: 'trees/{arg}{ext}',
  expect: { timeout: 30_000 },
  reporter: [['list'], ['./harness/tally.ts']],
});
