import type { ReactElement } from 'react';
import { Pause, Play, ScreenShare, ScreenShareOff, Volume2, VolumeX } from 'lucide-react';
import type { ShareMode } from '../../core/viewing';
import { useDispatch, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { givesBack } from '../kit/gives-back';
import { useKeyHint } from '../kit/key-hint';
import { Seg } from '../kit/Seg';
import { useMeeting } from './floor';
import { Picture } from './Tile';
import css from './SharingBar.module.css';

const nothing = (): void => undefined;

/** What whoever shares sees of it: a small picture, pause, its sound, what it is tuned for, stop. */
export function SharingBar(): ReactElement | null {
  const t = useSpeech();
  const hint = useKeyHint();
  const dispatch = useDispatch();
  const sharing = useMeeting((meeting) => meeting.sharing === 'yes');
  const paused = useMeeting((meeting) => meeting.sharePaused);
  const mode = useMeeting((meeting) => meeting.shareMode);
  const sound = useMeeting((meeting) => meeting.shareSound);
  const track = useMeeting((meeting) => meeting.people.find((person) => person.identity === meeting.me)?.screen ?? null);
  if (!sharing) return null;
  const pause = t(paused ? 'meeting.share.resume' : 'meeting.share.pause');
  return (
    <section ref={givesBack} className={cx('toast', css['bar'])} aria-label={t('meeting.share.bar')}>
      {track !== null && !paused
        ? <span className={cx(css['preview'], 'wideonly')} aria-hidden="true"><Picture key={track} track={track} onSeen={nothing} onFacing={nothing} /></span>
        : <ScreenShare className="i" aria-hidden="true" />}
      <span className={cx(css['words'], 'wideonly')}>{t(paused ? 'meeting.share.is-paused' : 'meeting.sharing')}</span>
      <button type="button" className="btn low" aria-pressed={paused} {...hint(pause, 'pause')} onClick={() => dispatch({ type: 'share/pause' })}>
        {paused ? <Play className="i s" aria-hidden="true" /> : <Pause className="i s" aria-hidden="true" />}
        {pause}
      </button>
      {sound !== 'none' && (
        <button type="button" role="switch" className="btn low" aria-checked={sound === 'on'} onClick={() => dispatch({ type: 'share/sound' })}>
          {sound === 'on' ? <Volume2 className="i s" aria-hidden="true" /> : <VolumeX className="i s" aria-hidden="true" />}
          {t('meeting.share.sound')}
        </button>
      )}
      <Seg<ShareMode>
        label={t('meeting.share.mode')}
        value={mode}
        onPick={(picked) => dispatch({ type: 'share/mode', mode: picked })}
        choices={[
          { value: 'text', face: t('meeting.share.text') },
          { value: 'motion', face: t('meeting.share.motion') },
        ]}
      />
      <button type="button" className="btn low" onClick={() => dispatch({ type: 'call/share' })}>
        <ScreenShareOff className="i s" aria-hidden="true" />
        {t('meeting.stop-sharing')}
      </button>
    </section>
  );
}
