import { useEffect, useRef, useState, type ComponentPropsWithRef } from 'react';

/** A recording that one key plays and pauses. */
interface Playback {
  /** What its element is given. */
  readonly sound: ComponentPropsWithRef<'audio'>;
  readonly plays: boolean;
  /** Whether it could not be played. */
  readonly failed: boolean;
  /** How much of it has passed, in milliseconds. */
  readonly at: number;
  readonly press: () => void;
  readonly seek: (at: number) => void;
  /** Sets how many times as fast it plays as it was spoken. */
  readonly hurry: (speed: number) => void;
}

/** `path`: where it is below `/api/v1/voicemail`; `ms`: how long it is; `onHeard`: it has begun to play. */
export function usePlayback(path: string, ms: number, onHeard?: () => void): Playback {
  const audio = useRef<HTMLAudioElement>(null);
  const [plays, setPlays] = useState(false);
  const [failed, setFailed] = useState(false);
  const [at, setAt] = useState(0);
  useEffect(() => {
    const player = audio.current;
    // What is taken off the page would go on playing.
    return () => player?.pause();
  }, []);
  const press = (): void => {
    const player = audio.current;
    if (!player) return;
    // What could not be loaded counts as playing, and is not tried again by itself.
    if (player.error) player.load();
    else if (!player.paused) return player.pause();
    setFailed(false);
    // Others on the page fall silent.
    for (const other of document.querySelectorAll('audio')) if (other !== player) other.pause();
    player.play().catch((error: unknown) => setFailed(!(error instanceof DOMException && error.name === 'AbortError')));
  };
  const seek = (to: number): void => {
    setAt(to);
    if (audio.current) audio.current.currentTime = to / 1_000;
  };
  const hurry = (speed: number): void => {
    if (!audio.current) return;
    audio.current.playbackRate = speed;
    // What is loaded again begins with this one.
    audio.current.defaultPlaybackRate = speed;
  };
  const sound: Playback['sound'] = {
    ref: audio,
    src: `/api/v1/voicemail/${encodeURIComponent(path)}/audio`,
    preload: 'none',
    onPlay: () => setPlays(true),
    onPlaying: onHeard,
    onPause: () => setPlays(false),
    onEnded: () => setAt(0),
    onTimeUpdate: (event) => setAt(Math.min(ms, event.currentTarget.currentTime * 1_000)),
    onError: () => {
      setFailed(true);
      setPlays(false);
    },
  };
  return { sound, plays, failed, at, press, seek, hurry };
}
