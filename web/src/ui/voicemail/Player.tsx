import { useState, type ReactElement } from 'react';
import { Pause, Play } from 'lucide-react';
import { clockOf } from '../../core/voicemail/mailbox';
import '../../i18n/voicemail';
import { useSpeech } from '../context';
import { Notice } from '../kit/Notice';
import { say } from '../../i18n/text';
import { Seg } from '../kit/Seg';
import { usePlayback } from './use-playback';
import css from './Voicemail.module.css';

const SPEEDS = ['1', '1.5', '2'] as const;
type Speed = (typeof SPEEDS)[number];

/** Plays one recording; `path`: where below `/api/v1/voicemail` it is. `named`: what its key says; `onHeard`: it has begun to play. */
export function Player({ path, ms, named, onHeard }: {
  readonly path: string;
  readonly ms: number;
  readonly named: string;
  readonly onHeard?: (() => void) | undefined;
}): ReactElement {
  const t = useSpeech();
  const [speed, setSpeed] = useState<Speed>('1');
  const { sound, plays, failed, at, press, seek, hurry } = usePlayback(path, ms, onHeard);
  const choose = (next: Speed): void => {
    setSpeed(next);
    hurry(Number(next));
  };
  return (
    <div className={css['player']}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- nobody has written down what was said */}
      <audio {...sound} />
      <button type="button" className="btn plain icon" aria-label={plays ? t('voicemail.pause') : named} title={plays ? t('voicemail.pause') : named} onClick={press}>
        {plays ? <Pause className="i" aria-hidden="true" /> : <Play className="i" aria-hidden="true" />}
      </button>
      <input
        type="range"
        className={css['track']}
        aria-label={t('voicemail.position')}
        aria-valuetext={`${clockOf(at)} / ${clockOf(ms)}`}
        min={0}
        max={Math.max(1, ms)}
        step={100}
        value={at}
        onChange={(event) => seek(Number(event.target.value))}
      />
      <span className="small num">{clockOf(at > 0 ? at : ms)}</span>
      <Seg<Speed>
        label={t('voicemail.speed')}
        className={`seg ${css['speed'] ?? ''}`}
        choices={SPEEDS.map((value) => ({ value, face: `${value}×`, name: t('voicemail.speed.of', { n: Number(value) }) }))}
        value={speed}
        onPick={choose}
      />
      {failed && <div className={css['failed']}><Notice tone="bad" text={say('voicemail.failed')} /></div>}
    </div>
  );
}
