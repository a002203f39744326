// My habits of seeing and hearing, kept in this browser alone.

import { SAVERS, VIEWING, withEar, type Corner, type Viewing } from '../core/viewing';
import { isFields } from '../proto/decode';

const PLACE = 'parlor.viewing';

const CORNERS: readonly Corner[] = ['top-start', 'top-end', 'bottom-start', 'bottom-end'];

function read(): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '{}');
    return isFields(value) ? value : {};
  } catch {
    return {}; // storage is closed in some private windows: nothing is remembered then
  }
}

export function recallViewing(): Viewing {
  const kept = read();
  const plain: Viewing = {
    ...VIEWING,
    selfHidden: kept['selfHidden'] === true,
    corner: CORNERS.find((corner) => corner === kept['corner']) ?? VIEWING.corner,
    saver: SAVERS.find((saver) => saver === kept['saver']) ?? VIEWING.saver,
    noise: kept['noise'] === true,
    blur: kept['blur'] === true,
  };
  const ears = isFields(kept['ears']) ? Object.entries(kept['ears']) : [];
  return ears.reduce((viewing, [person, ear]) => {
    if (!isFields(ear) || typeof ear['volume'] !== 'number' || !Number.isFinite(ear['volume'])) return viewing;
    return withEar(viewing, `${person}~`, { volume: ear['volume'], hushed: ear['hushed'] === true });
  }, plain);
}

export function keepViewing(viewing: Viewing): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(viewing));
  } catch {
    // as in read()
  }
}
