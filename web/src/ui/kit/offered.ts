// Which of the things that keys do can be done in this browser.

import type { Deed } from '../../core/shortcuts';
import { useSelect } from '../context';

/** What cannot be done here needs no key. */
export function useOffered(): (deed: Deed) => boolean {
  const { share, fullscreen, pictureInPicture } = useSelect((state) => state.browser);
  return (deed) => {
    if (deed === 'share' || deed === 'pause') return share;
    if (deed === 'fullscreen') return fullscreen;
    return deed !== 'pip' || pictureInPicture !== 'none';
  };
}
