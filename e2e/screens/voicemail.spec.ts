/** Pictures of messages for whoever did not answer: offered, spoken, heard again, and in the list of whoever got one. */

import type { Page } from '@playwright/test';

import { learn, speech } from '../../web/src/i18n/text.ts';
import '../../web/src/i18n/voicemail.ts';
import { call, signIn, signUp } from '../harness/account.ts';
import { picture, SIZES } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';

await learn('fr');

for (const tongue of ['en', 'fr'] as const) {
  const t = speech(tongue);
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const shoot = (page: Page, name: string): Promise<void> =>
        picture(page, `${tongue === 'en' ? '' : `${tongue}/`}${name}-${size}-${colorScheme}`, 'plain');

      test(`a message, ${tongue}, ${size} and ${colorScheme}`, async ({ ownServer, chromium }) => {
        const server = await ownServer();
        const theirs = await chromium({ viewport, colorScheme, locale: tongue });
        await signUp(theirs, server, 'mei', 'Mei Tanaka');
        await theirs.page.goto(`${server.url}/calls`);
        await theirs.press('radio', t('voicemail.tab'));
        await expect(theirs.page.getByRole('button', { name: t('voicemail.own.record') })).toBeVisible();
        await shoot(theirs.page, 'greeting-none');
        await theirs.press('button', t('voicemail.own.record'));
        await expect(theirs.page.getByText('0:02')).toBeVisible();
        await shoot(theirs.page, 'greeting-recording');
        await expect(theirs.page.getByText('0:08')).toBeVisible({ timeout: 20_000 });
        await theirs.press('button', t('voicemail.stop'));
        await expect(theirs.page.getByRole('button', { name: t('voicemail.own.keep') })).toBeVisible();
        await shoot(theirs.page, 'greeting-spoken');
        await theirs.press('button', t('voicemail.own.keep'));
        await expect(theirs.page.getByText(t('voicemail.own.kept')).last()).toBeVisible();
        await theirs.page.getByRole('button', { name: t('close'), exact: true }).last().click();
        await expect(theirs.page.getByRole('button', { name: t('voicemail.own.remove') })).toBeVisible();
        await call(theirs, 'DELETE', 'session');
        await theirs.goto(`${server.url}/sign-in`);
        const tab = await chromium({ viewport, colorScheme, locale: tongue });
        const { page } = tab;
        await signUp(tab, server, 'ines', 'Ines Duarte');
        await page.goto(`${server.url}/contacts`);
        await tab.press('button', t('contacts.call', { name: 'Mei Tanaka' }));
        await expect(page.getByRole('button', { name: t('voicemail.leave') })).toBeVisible();
        await shoot(page, 'voicemail-offer');
        await tab.press('button', t('voicemail.leave'));
        await expect(page.getByRole('button', { name: t('voicemail.skip') })).toBeVisible();
        await shoot(page, 'voicemail-greeting');
        await expect(page.getByText('0:02')).toBeVisible({ timeout: 20_000 });
        await shoot(page, 'voicemail-recording');
        await tab.press('button', t('voicemail.stop'));
        await expect(page.getByRole('button', { name: t('voicemail.play.own') })).toBeVisible();
        await shoot(page, 'voicemail-spoken');
        await tab.press('button', t('voicemail.send'));
        await expect(page.getByText(t('voicemail.sent', { name: 'Mei Tanaka' })).last()).toBeVisible();
        await shoot(page, 'voicemail-sent');
        await signIn(theirs, server, 'mei');
        await theirs.page.goto(`${server.url}/calls`);
        await theirs.press('radio', t('voicemail.tab'));
        await expect(theirs.page.getByRole('button', { name: t('voicemail.play', { name: 'Ines Duarte' }) })).toBeVisible();
        await shoot(theirs.page, 'voicemail');
      });
    }
  }
}
