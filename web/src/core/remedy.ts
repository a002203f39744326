// What to do about a camera or microphone that does not work: steps for this browser, on this system.
// Signs inside the sentences: *word* is strong, [icon] is the mark beside the address.

import { say, type Text } from '../i18n/text';
import type { Browser, Trouble } from './state';

/** The steps out of a trouble; one sentence where one is enough. */
export function remedy(trouble: Trouble, browser: Browser): readonly Text[] {
  switch (trouble) {
    case 'refused-browser':
      return [
        say(`remedy.browser.${browser.family}.1`),
        browser.family === 'firefox' ? say('remedy.browser.firefox.2') : say('remedy.browser.2'),
        say('remedy.browser.3'),
      ];
    case 'refused-system': {
      const system = browser.system === 'linux' ? 'other' : browser.system;
      return [say(`remedy.system.${system}.1`), say(`remedy.system.${system}.2`), say('remedy.browser.3')];
    }
    case 'in-use': return [say('remedy.in-use')];
    case 'none': return [say('remedy.none')];
    case 'unplugged': return [say('remedy.unplugged')];
    case 'failed': return [say('remedy.failed')];
    case 'silent': return [];
  }
}
