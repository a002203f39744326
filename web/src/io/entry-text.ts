// Why the way in failed, in words.

import { say, type Text } from '../i18n/text';
import { EntryError } from './media-session';

export function entryText(error: unknown): Text {
  if (error instanceof EntryError) {
    if (error.why === 'unreachable') return say('trouble.network');
    if (error.why === 'refused') return say('trouble.entry');
    if (error.why === 'stopping') return say('trouble.stopping');
    return say('trouble.media');
  }
  // The code for the call could not be fetched although the server answered just before: it was replaced by a newer one
  // since this page was opened. Browsers remember such a failure, so that only a reload helps.
  return say('trouble.stale');
}
