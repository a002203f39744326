// Which of the things that keys do can be done in this browser, by whoever is at it.

import type { Deed } from '../../core/shortcuts';
import { useSelect } from '../context';

/** What cannot be done here needs no key. */
export function useOffered(): (deed: Deed) => boolean {
  const known = useSelect(({ session }) => session.is === 'known');
  const { share, fullscreen, pictureInPicture } = useSelect((state) => state.browser);
  return (deed) => {
    if (deed === 'share' || deed === 'pause') return share;
    // Whoever has no account is called by nobody.
    if (deed === 'keypad') return known;
    if (deed === 'fullscreen') return fullscreen;
    return deed !== 'pip' || pictureInPicture !== 'none';
  };
}
