import type { ReactElement } from 'react';
import { DoorOpen, Unplug } from 'lucide-react';
import { isUnanswered } from '../../core/network';
import type { Phase, RoomPage } from '../../core/state';
import { useDispatch, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Door } from '../kit/Door';
import { Offline } from '../kit/Offline';
import css from './RoomTrouble.module.css';

type Trouble = Extract<Phase, { is: 'looking' | 'unknown' | 'unreachable' }>;

/** A room that is being looked up, is not there, or cannot be reached. */
export function RoomTrouble({ page, phase }: { readonly page: RoomPage; readonly phase: Trouble }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const home = (): void => dispatch({ type: 'home' });
  if (phase.is === 'unreachable' && isUnanswered(phase.text)) {
    return <Door><Offline onAgain={() => dispatch({ type: 'room/again' })} /></Door>;
  }
  return (
    <Door>
      {phase.is === 'looking' ? (
        <p className={css['looking']} role="status"><span className="spin" aria-hidden="true" />{t('room.looking')}</p>
      ) : (
        <section className={css['box']}>
          <span className="frame grey">
            {phase.is === 'unknown' ? <DoorOpen className="i" aria-hidden="true" /> : <Unplug className="i" aria-hidden="true" />}
          </span>
          <h1 className="display" {...LANDING}>{t(phase.is === 'unknown' ? 'room.unknown.title' : 'room.unreachable.title')}</h1>
          <p>{phase.is === 'unknown' ? t('room.unknown.text', { code: page.code }) : t.text(phase.text)}</p>
          <div className="row wrap">
            {phase.is === 'unreachable' && (
              <button type="button" className="btn primary" onClick={() => dispatch({ type: 'room/again' })}>{t('again')}</button>
            )}
            <button type="button" className={phase.is === 'unknown' ? 'btn primary' : 'btn quiet'} onClick={home}>{t('home')}</button>
          </div>
        </section>
      )}
    </Door>
  );
}
