import { useRef, type ReactElement } from 'react';
import { Volume2, X } from 'lucide-react';
import { cast as castOf } from '../../core/selectors';
import type { Meeting, RoomPage } from '../../core/state';
import { useAppState, useDispatch, useSpeech } from '../context';
import { CopyLink } from '../kit/Copy';
import { cx } from '../kit/cx';
import { Toast } from '../kit/Notices';
import { useShortcuts } from '../kit/shortcuts';
import { Controls } from './Controls';
import { Stage } from './Stage';
import { layoutChoices, layoutShown, TopBar } from './TopBar';
import { walkRegions } from './walk';
import css from './MeetingScreen.module.css';

export function MeetingScreen({ page, meeting }: { readonly page: RoomPage; readonly meeting: Meeting }): ReactElement {
  const state = useAppState();
  const dispatch = useDispatch();
  const cast = castOf(state, meeting);
  const root = useRef<HTMLDivElement>(null);
  const microphone = (): void => dispatch({ type: 'devices/toggle', kind: 'microphone' });
  const camera = (): void => dispatch({ type: 'devices/toggle', kind: 'camera' });
  useShortcuts({
    'm': microphone,
    'ctrl+d': microphone,
    'v': camera,
    'ctrl+e': camera,
    's': () => dispatch({ type: 'call/share' }),
    'f': () => dispatch({ type: 'stage/fullscreen' }),
    'l': () => {
      const choices = layoutChoices(cast);
      const next = choices[(choices.indexOf(layoutShown(meeting, cast)) + 1) % Math.max(1, choices.length)];
      if (next) dispatch({ type: 'stage/layout', layout: next });
    },
    '?': () => dispatch({ type: 'overlay', show: 'help' }),
    'f6': () => walkRegions(root.current),
  });
  return (
    <div className="meet" ref={root}>
      <TopBar meeting={meeting} cast={cast} />
      <Stage meeting={meeting} cast={cast} />
      <Troubles meeting={meeting} />
      <div className={cx('corner', css['corner'])}>
        {meeting.inviting ? <Ready page={page} /> : <Toast />}
      </div>
      <Controls meeting={meeting} cast={cast} />
    </div>
  );
}

/** What goes on and wants a word, above the stage. */
function Troubles({ meeting }: { readonly meeting: Meeting }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <div className={css['troubles']}>
      {meeting.link === 'reconnecting' && (
        <div className="notice warn"><span className="spin" aria-hidden="true" /><span>{t('meeting.reconnecting')}</span></div>
      )}
      {meeting.soundBlocked && (
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
function Ready({ page }: { readonly page: RoomPage }): ReactElement {
  const t = useSpeech();
  const { browser } = useAppState();
  const dispatch = useDispatch();
  return (
    <section className={cx('dialog', css['ready'])} aria-label={t('meeting.ready')}>
      <div className="row">
        <h2 className="grow">{t('meeting.ready')}</h2>
        <button type="button" className="btn icon" aria-label={t('close')} title={t('close')} onClick={() => dispatch({ type: 'call/invite', open: false })}>
          <X className="i" aria-hidden="true" />
        </button>
      </div>
      <CopyLink link={`${browser.origin}/r/${page.code}`} />
      <p className="small">{t('meeting.ready.text')}</p>
    </section>
  );
}
