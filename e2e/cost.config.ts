import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

/** The same browsers and the same server; the outcome is a number, and nothing fails for being slow. */
export default defineConfig(tests, { testDir: 'cost', timeout: 300_000 });
