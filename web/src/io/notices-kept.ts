// What is said and heard of meetings, kept in this browser alone.

import { HEARD, NOTICES, TOPICS, type Notices } from '../core/meeting/notices';
import { isFields } from '../proto/decode';

const PLACE = 'parlor.notices';

export function recallNotices(): Notices {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '{}');
    if (!isFields(kept)) return NOTICES;
    return {
      said: flags(NOTICES.said, TOPICS, parted(kept['said'])),
      sounds: flags(NOTICES.sounds, HEARD, kept['sounds']),
      system: kept['system'] === true,
      offered: kept['offered'] === true,
    };
  } catch {
    return NOTICES; // storage is closed in some private windows: nothing is remembered then
  }
}

/** Coming and going were one choice once. */
const parted = (said: unknown): unknown =>
  (isFields(said) && 'coming' in said ? { join: said['coming'], leave: said['coming'], ...said } : said);

const flags = <K extends string>(usual: Readonly<Record<K, boolean>>, names: readonly K[], kept: unknown): Readonly<Record<K, boolean>> =>
  names.reduce((all, name) => {
    const value = isFields(kept) ? kept[name] : undefined;
    return typeof value === 'boolean' ? { ...all, [name]: value } : all;
  }, usual);

export function keepNotices(notices: Notices): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(notices));
  } catch {
    // as in recallNotices()
  }
}
