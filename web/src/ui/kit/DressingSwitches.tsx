import type { ReactElement } from 'react';
import { AudioWaveform, Sparkles, type LucideIcon } from 'lucide-react';
import type { Dressing } from '../../core/viewing';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from './cx';
import { MenuCheck } from './Menu';

const FACES: Readonly<Record<Dressing, { readonly key: 'meeting.noise' | 'meeting.blur'; readonly icon: LucideIcon }>> = {
  noise: { key: 'meeting.noise', icon: AudioWaveform },
  blur: { key: 'meeting.blur', icon: Sparkles },
};

/** What can be done to sound or picture, as a tick in a menu; nothing where the browser was not tried with it. */
export function DressingCheck({ dressing }: { readonly dressing: Dressing }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const can = useSelect((state) => state.browser.dressing[dressing]);
  const on = useSelect((state) => state.viewing[dressing]);
  if (!can) return null;
  const { key, icon } = FACES[dressing];
  return (
    <>
      <hr />
      <MenuCheck icon={icon} on={on} onPick={() => dispatch({ type: 'view/dress', dressing, on: !on })}>{t(key)}</MenuCheck>
    </>
  );
}

/** The same as a switch of the settings. */
export function DressingSwitch({ dressing, className }: { readonly dressing: Dressing; readonly className?: string | undefined }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const can = useSelect((state) => state.browser.dressing[dressing]);
  const on = useSelect((state) => state.viewing[dressing]);
  if (!can) return null;
  return (
    <button
      type="button"
      role="switch"
      className={cx('switch', className)}
      aria-checked={on}
      onClick={() => dispatch({ type: 'view/dress', dressing, on: !on })}
    >
      <span className="grow label">{t(FACES[dressing].key)}</span>
      <span className="track" />
    </button>
  );
}
