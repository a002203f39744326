import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

/** The same browsers and the same server; the outcome is pictures under docs/screens. */
export default defineConfig(tests, { testDir: 'screens', timeout: 300_000 });
