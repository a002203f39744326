import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Pause, Play } from 'lucide-react';
import { clockOf } from '../../core/voicemail/mailbox';
import '../../i18n/voicemail';
import { useSpeech } from '../context';
import { Notice } from '../kit/Notice';
import { say } from '../../i18n/text';
import { Seg } from '../kit/Seg';
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
  const audio = useRef<HTMLAudioElement>(null);
  const [plays, setPlays] = useState(false);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState<Speed>('1');
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const player = audio.current;
    // What is taken off the page would go on playing.
    return () => player?.pause();
  }, []);
  const press = (): void => {
    const player = audio.current;
    if (!player) return;
    if (!player.paused) return player.pause();
    setFailed(false);
    // Others on the page fall silent.
    for (const other of document.querySelectorAll('audio')) if (other !== player) other.pause();
    player.playbackRate = Number(speed);
    player.play().catch((error: unknown) => setFailed(!(error instanceof DOMException && error.name === 'AbortError')));
  };
  const choose = (next: Speed): void => {
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = Number(next);
  };
  return (
    <div className={css['player']}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- nobody has written down what was said */}
      <audio
        ref={audio}
        src={`/api/v1/voicemail/${encodeURIComponent(path)}/audio`}
        preload="none"
        onPlay={() => setPlays(true)}
        onPlaying={onHeard}
        onPause={() => setPlays(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(Math.min(ms, event.currentTarget.currentTime * 1_000))}
        onError={() => setFailed(true)}
      />
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
        onChange={(event) => {
          const to = Number(event.target.value);
          setAt(to);
          if (audio.current) audio.current.currentTime = to / 1_000;
        }}
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
