// What to do about a camera or microphone that does not work: steps for this browser, on this system.
// Signs inside the sentences: *word* is strong, [icon] is the mark beside the address.

import { say, type Text } from '../i18n/text';
import type { Browser, Capture, Trouble } from './state';

/** Where the trouble is told: at the door, beside the pickers and *Try again*, or in the meeting, above its keys. */
export type Place = 'door' | 'call';

/** The steps out of a trouble with `of`; one sentence where one is enough. */
export function remedy(trouble: Trouble, browser: Browser, of: Capture | 'both', place: Place): readonly Text[] {
  const many = of === 'both';
  switch (trouble) {
    case 'refused-browser':
      if (browser.system === 'ios') return onPhone(browser);
      return [
        say(`remedy.browser.${browser.family}.1`),
        browser.family === 'firefox' ? say('remedy.browser.firefox.2') : say('remedy.browser.2'),
        say('remedy.browser.3'),
      ];
    case 'refused-system': {
      const system = browser.system === 'linux' ? 'other' : browser.system;
      return [say(`remedy.system.${system}.1`), say(`remedy.system.${system}.2`), say('remedy.browser.3')];
    }
    case 'in-use': return [say(many ? 'remedy.in-use.both' : 'remedy.in-use')];
    case 'none': return [say(place === 'call' ? 'remedy.none.call' : many ? 'remedy.none.both' : 'remedy.none')];
    case 'unplugged': return [say(place === 'call' ? 'remedy.unplugged.call' : many ? 'remedy.unplugged.both' : 'remedy.unplugged')];
    case 'failed': return [say(place === 'call' ? 'remedy.failed.call' : many ? 'remedy.failed.both' : 'remedy.failed')];
    case 'insecure': return [say('remedy.insecure')];
    case 'stopped': return [say(place === 'call' ? 'remedy.stopped.call' : 'remedy.stopped')];
    case 'not-sent': return [say('remedy.not-sent')];
    case 'silent': return [];
  }
}

/** On an iPhone or iPad Safari has settings for each website, in its own menu; the others have those of the system alone. */
const onPhone = ({ family }: Browser): readonly Text[] =>
  family === 'safari'
    ? [say('remedy.browser.ios.1'), say('remedy.browser.2'), say('remedy.browser.3')]
    : [say('remedy.system.ios.1'), say('remedy.system.ios.2'), say('remedy.browser.3')];
