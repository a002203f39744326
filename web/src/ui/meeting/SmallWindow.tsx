import { useEffect, useState, type ReactElement } from 'react';
import { createPortal } from 'react-dom';
import { LogOut, Mic, MicOff, PictureInPicture2, Video, VideoOff } from 'lucide-react';
import { pipOf } from '../../core/selectors';
import type { Capture } from '../../core/state';
import { useDispatch, usePorts, useSelect, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { useStaged } from './floor';
import { Tile } from './Tile';
import css from './SmallWindow.module.css';

/** The meeting in a small window above all others: the one picture that matters, and the keys one needs there. */
export function SmallWindow(): ReactElement | null {
  const ports = usePorts();
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => ports.smallWindow(setPlace), [ports]);
  return place && createPortal(<Small />, place);
}

function Small(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const view = useStaged(pipOf);
  return (
    <main className={css['small']} aria-label={t('meeting.pip.name')}>
      {view && <Tile key={view.key} view={view} ring={false} plain className={css['tile']} />}
      <div className={css['keys']} role="toolbar" aria-label={t('meeting.controls')}>
        <Toggle kind="microphone" />
        <Toggle kind="camera" />
        <SmallKey name={t('meeting.pip.leave')} onPress={() => dispatch({ type: 'stage/pip' })}><PictureInPicture2 className="i" aria-hidden="true" /></SmallKey>
        <SmallKey name={t('meeting.leave')} className={css['leave']} onPress={() => dispatch({ type: 'call/leave' })}><LogOut className="i" aria-hidden="true" /></SmallKey>
      </div>
    </main>
  );
}

function Toggle({ kind }: { readonly kind: Capture }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const on = useSelect((state) => state.devices[kind].wanted);
  const microphone = kind === 'microphone';
  const name = microphone ? t(on ? 'meeting.mute' : 'meeting.unmute') : t(on ? 'meeting.stop-video' : 'meeting.start-video');
  const Icon = microphone ? (on ? Mic : MicOff) : (on ? Video : VideoOff);
  return (
    <SmallKey name={name} pressed={!on} className={on ? undefined : css['off']} onPress={() => dispatch({ type: 'devices/toggle', kind })}>
      <Icon className="i" aria-hidden="true" />
    </SmallKey>
  );
}

function SmallKey({ name, pressed, className, onPress, children }: {
  readonly name: string;
  readonly pressed?: boolean | undefined;
  readonly className?: string | undefined;
  readonly onPress: () => void;
  readonly children: ReactElement;
}): ReactElement {
  return (
    <button type="button" className={cx('btn', 'icon', css['key'], className)} aria-label={name} title={name} aria-pressed={pressed} onClick={onPress}>
      {children}
    </button>
  );
}
