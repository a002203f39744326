import { useRef, useState, type ReactElement } from 'react';
import { Volume2, X } from 'lucide-react';
import { useDispatch, useSelect, useSpeech, useStore } from '../context';
import { CopyLink } from '../kit/Copy';
import { cx } from '../kit/cx';
import { Toast } from '../kit/Notices';
import { useHeldSpace, useShortcuts } from '../kit/shortcuts';
import { Controls } from './Controls';
import { FloorContext, floorOf, useMeeting, type Floor } from './floor';
import { layoutChoices, layoutShown } from './layouts';
import { Stage } from './Stage';
import { TopBar } from './TopBar';
import { walkRegions, walkToBar } from './walk';
import css from './MeetingScreen.module.css';

export function MeetingScreen(): ReactElement | null {
  const store = useStore();
  const [floor] = useState(() => {
    const { page } = store.state();
    return page.at === 'room' && page.phase.is === 'meeting' ? floorOf(store, page.phase) : null;
  });
  return floor && <FloorContext value={floor}><Hall floor={floor} /></FloorContext>;
}

/** The frame of the meeting: it is drawn once, its parts read what they show. */
function Hall({ floor }: { readonly floor: Floor }): ReactElement {
  const root = useRef<HTMLDivElement>(null);
  useKeys(floor, root);
  return (
    <div className="meet" ref={root}>
      <TopBar />
      <Stage />
      <Troubles />
      <div className={cx('corner', css['corner'])}>
        <Ready />
        <Toast />
      </div>
      <Controls />
    </div>
  );
}

function useKeys(floor: Floor, root: { readonly current: HTMLElement | null }): void {
  const store = useStore();
  const dispatch = useDispatch();
  const letters = useSelect((state) => state.settings.letterKeys);
  const microphone = (): void => dispatch({ type: 'devices/toggle', kind: 'microphone' });
  const camera = (): void => dispatch({ type: 'devices/toggle', kind: 'camera' });
  const help = (): void => dispatch({ type: 'overlay', show: 'help' });
  useShortcuts({
    'm': microphone,
    'ctrl+d': microphone,
    'v': camera,
    'ctrl+e': camera,
    's': () => dispatch({ type: 'call/share' }),
    'f': () => dispatch({ type: 'stage/fullscreen' }),
    'l': () => {
      const choices = layoutChoices(floor.cast());
      const next = choices[(choices.indexOf(layoutShown(floor.meeting(), floor.cast())) + 1) % Math.max(1, choices.length)];
      if (next) dispatch({ type: 'stage/layout', layout: next });
    },
    '?': help,
    'ctrl+/': help,
    'f6': () => walkRegions(root.current),
    'f2': () => walkToBar(root.current),
  }, letters);
  useHeldSpace(letters, (on) => {
    // Held by somebody who is heard anyway it changes nothing, and letting go must not mute.
    if (on && store.state().devices.microphone.wanted) return false;
    dispatch({ type: 'talk', on });
    return on;
  });
}

/** What goes on and wants a word, above the stage. */
function Troubles(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const reconnecting = useMeeting((meeting) => meeting.link === 'reconnecting');
  const soundBlocked = useMeeting((meeting) => meeting.soundBlocked);
  return (
    <div className={css['troubles']}>
      {reconnecting && (
        <div className="notice warn"><span className="spin" aria-hidden="true" /><span>{t('meeting.reconnecting')}</span></div>
      )}
      {soundBlocked && (
        <div className={cx('toast', css['sound'])}>
          <Volume2 className="i" aria-hidden="true" />
          <span className="grow">{t('meeting.sound.text')}</span>
          <button type="button" className="btn primary low" onClick={() => dispatch({ type: 'call/turn-on-sound' })}>{t('meeting.sound')}</button>
        </div>
      )}
    </div>
  );
}

/** Offered once to whoever made the room, until the second person comes. */
function Ready(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const inviting = useMeeting((meeting) => meeting.inviting);
  const origin = useSelect((state) => state.browser.origin);
  const code = useSelect(({ page }) => (page.at === 'room' ? page.code : ''));
  if (!inviting) return null;
  return (
    <section className={cx('dialog', css['ready'])} aria-label={t('meeting.ready')}>
      <div className="row">
        <h2 className="grow">{t('meeting.ready')}</h2>
        <button type="button" className="btn icon" aria-label={t('close')} title={t('close')} onClick={() => dispatch({ type: 'call/invite', open: false })}>
          <X className="i" aria-hidden="true" />
        </button>
      </div>
      <CopyLink link={`${origin}/r/${code}`} />
      <p className="small">{t('meeting.ready.text')}</p>
    </section>
  );
}
