import { memo, useEffect, useLayoutEffect, useRef, useState, type ReactElement, type ReactNode, type SyntheticEvent } from 'react';
import { MicOff, Pause, Pin, ScreenShare, Spotlight, VolumeX } from 'lucide-react';
import { tint } from '../../core/person';
import { lineOf, type Line } from '../../core/meeting/line';
import type { TileView } from '../../core/selectors';
import type { State } from '../../core/state';
import type { Speech, Text } from '../../i18n/text';
import { useDispatch, usePorts, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { looksAway } from '../kit/facing';
import { HandMark } from './HandMark';
import { NetMark } from './NetMark';
import { TileTools } from './TileTools';
import { staysWithTile } from './walk';
import css from './Tile.module.css';

/** One picture on the wall: a person, or a screen. It is drawn again only when something of its own changed. */
export const Tile = memo(function Tile({ view, ring, className, width, height, plain = false, small = false, children }: {
  readonly view: TileView;
  /** Whether the ring of light may be lit; the moving bars are in any case. */
  readonly ring: boolean;
  readonly className?: string | undefined;
  /** In pixels, where the wall gives the size. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Without anything to press. */
  readonly plain?: boolean | undefined;
  /** My own in a corner: it has no room for my name, which I know. */
  readonly small?: boolean | undefined;
  readonly children?: ReactNode;
}): ReactElement {
  const t = useSpeech();
  const { person, me, kind, track } = view;
  const share = kind === 'share';
  const name = share ? t('meeting.screen-of', { name: person.name }) : me ? t('meeting.you', { name: person.name }) : person.name;
  const states = [
    ...(!share && view.muted ? [t('meeting.muted')] : []),
    ...(view.hushed ? [t('meeting.hushed')] : []),
    ...(view.paused || view.held ? [t('meeting.paused')] : []),
    ...(view.pinned ? [t('meeting.pinned')] : []),
    ...(view.spotlit ? [t('spotlight.mark')] : []),
  ];
  const label = states.reduce((before, state) => t('meeting.tile', { name: before, state }), name);
  const element = useRef<HTMLDivElement>(null);
  useSpeakingMark(element, share ? null : person.identity, ring, view.muted, label, t('meeting.tile', { name: label, state: t('meeting.speaking') }));
  usePin(element, plain ? null : view.key);
  useLayoutEffect(() => staysWithTile(element.current), []);
  // As words and not as values, so that a tile is drawn again only when they are others.
  const line = (state: State): Line | null => (me || share ? null : lineOf(state, person));
  const level = useSelect((state) => line(state)?.level ?? null);
  const sign = useSelect((state) => line(state)?.sign ?? 'net');
  const lost = level === 'lost';
  const [brief, why] = [useSelect((state) => textOf(t, line(state)?.brief)), useSelect((state) => textOf(t, line(state)?.text))];
  // The first frame may take a moment: until it is there the person stands as an oval.
  const [seen, setSeen] = useState<string | null>(null);
  const [away, setAway] = useState(false);
  // What is held back is covered, and stays in its place: a picture that is nowhere would never be asked for again.
  const blank = track === null || (!share && (view.held || seen !== track));
  return (
    <div
      ref={element}
      role="group"
      // Tiles are walked with the keyboard: pictures are what the page is about.
      tabIndex={0}
      className={cx('tile', css['tile'], share && css['share'], blank && 'none', view.held && !share && css['held'], me && !away && css['mirror'], lost && css['lost'], className)}
      style={{ '--tint': tint(person.name), width, height }}
      aria-label={label}
      data-tile={kind}
      data-participant={person.identity}
      data-key={view.key}
    >
      {blank && <Cameo name={person.name} avatar={view.avatar} />}
      {track !== null && <Picture key={track} track={track} onSeen={setSeen} onFacing={setAway} />}
      {(!share || view.pinned || view.paused || view.held || level !== null) && (
        <div className="marks">
          {!share && <HandMark identity={person.identity} />}
          {view.pinned && <span className={cx('mark', css['said'])}><Pin className="i" aria-hidden="true" /><span>{t('meeting.pinned')}</span></span>}
          {(view.paused || view.held) && <span className={cx('mark', css['said'])}><Pause className="i" aria-hidden="true" /><span>{t('meeting.paused')}</span></span>}
          {level !== null && <NetMark level={level} sign={sign} brief={brief} text={why} plain={plain} className={cx('mark', css['trouble'])} />}
        </div>
      )}
      <div className="who">
        {share ? <ScreenShare className="i" aria-hidden="true" /> : view.muted
          ? <MicOff className="i" aria-hidden="true" />
          : <span className={cx('bars', css['bars'])} aria-hidden="true"><i /><i /><i /></span>}
        {view.spotlit && <Spotlight className="i" aria-hidden="true" data-spotlit />}
        {view.hushed && <VolumeX className="i" aria-hidden="true" />}
        <span>{small && me ? t('chat.you') : name}</span>
      </div>
      {!plain && <TileTools view={view} />}
      {children}
    </div>
  );
});

const textOf = (t: Speech, text: Text | undefined): string => (text ? t.text(text) : '');

export function Picture({ track, onSeen, onFacing }: {
  readonly track: string;
  readonly onSeen: (track: string) => void;
  /** Told whether the camera looks away from whoever holds it: such a picture is not mirrored. */
  readonly onFacing: (away: boolean) => void;
}): ReactElement {
  const ports = usePorts();
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => (ref.current ? ports.attach(track, ref.current) : undefined), [ports, track]);
  // Sound comes from elements of its own, so that a tile that goes off the page is still heard.
  const look = (event: SyntheticEvent<HTMLVideoElement>): void => {
    onSeen(track);
    onFacing(looksAway(event.currentTarget.srcObject));
  };
  // Firefox's Tab key stops at a video, where there is nothing to press.
  return <video ref={ref} className="v" tabIndex={-1} autoPlay muted playsInline onLoadedData={look} onResize={look} />;
}

/** Two presses, or Enter, pin the tile or let it go. Some screens keep a pressed pointer: they do it themselves. */
function usePin(ref: { readonly current: HTMLElement | null }, key: string | null): void {
  const dispatch = useDispatch();
  useEffect(() => {
    const tile = ref.current;
    if (!tile || key === null) return;
    const twice = (event: MouseEvent): void => {
      if (event.target instanceof Element && event.target.closest('button, [role="menu"]')) return;
      event.stopPropagation();
      dispatch({ type: 'stage/pin', key });
    };
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || event.target !== tile || event.repeat) return;
      event.preventDefault();
      dispatch({ type: 'stage/pin', key });
    };
    tile.addEventListener('dblclick', twice);
    tile.addEventListener('keydown', press);
    return () => {
      tile.removeEventListener('dblclick', twice);
      tile.removeEventListener('keydown', press);
    };
  }, [ref, key, dispatch]);
}

/** The lamp goes on and off past React: straight to the element. */
function useSpeakingMark(
  ref: { readonly current: HTMLElement | null },
  identity: string | null,
  ring: boolean,
  muted: boolean,
  label: string,
  speaking: string,
): void {
  const ports = usePorts();
  const speaks = useRef(false);
  const show = useRef<() => void>(() => undefined);
  useLayoutEffect(() => {
    show.current = () => {
      const element = ref.current;
      if (!element) return;
      const on = speaks.current && !muted;
      element.classList.toggle('speaking', on && ring);
      element.toggleAttribute('data-speaking', on);
      element.setAttribute('aria-label', on ? speaking : label);
    };
    show.current();
  });
  useEffect(() => {
    if (identity === null) return;
    return ports.speaking(identity, (on) => {
      speaks.current = on;
      show.current();
    });
  }, [ports, identity]);
}
