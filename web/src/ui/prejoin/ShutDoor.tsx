import type { ReactElement } from 'react';
import { called } from '../../core/title';
import { Ban, DoorClosed, KeyRound, Lock, type LucideIcon } from 'lucide-react';
import type { Door as DoorState, RoomView } from '../../proto/api.gen';
import type { Key } from '../../i18n/text';
import { useDispatch, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { cx } from '../kit/cx';
import { Door } from '../kit/Door';
import css from './RoomTrouble.module.css';

interface Words {
  readonly icon: LucideIcon;
  readonly title: Key;
  readonly text: Key;
}

const WORDS: Readonly<Record<Exclude<DoorState, 'open' | 'knock'>, Words>> = {
  locked: { icon: Lock, title: 'rooms.door.locked', text: 'rooms.door.locked.text' },
  full: { icon: DoorClosed, title: 'rooms.door.full', text: 'rooms.door.full.text' },
  membersOnly: { icon: KeyRound, title: 'rooms.door.members', text: 'rooms.door.members.text' },
  removed: { icon: Ban, title: 'rooms.door.removed', text: 'rooms.door.removed.text' },
};

/** A room whose door is closed to me: says why, and what can be done about it. */
export function ShutDoor({ view }: { readonly view: RoomView }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { door } = view;
  if (door === 'open' || door === 'knock') return null;
  const { icon: Icon, title, text } = WORDS[door];
  const waits = door === 'locked' || door === 'full';
  return (
    <Door>
      <section className={css['box']}>
        <span className="frame grey"><Icon className="i" aria-hidden="true" /></span>
        <p className="small">{called(t, view.room.title)}</p>
        <h1 className="display" {...LANDING}>{t.text({ key: title, args: {} })}</h1>
        <p>{t.text({ key: text, args: {} })}</p>
        {waits && <p className={cx('small', css['waits'])}><span className={css['pulse']} aria-hidden="true" /><span>{t('rooms.door.waiting')}</span></p>}
        <div className="row wrap">
          {door === 'membersOnly' && (
            <button type="button" className="btn primary" onClick={() => dispatch({ type: 'door/sign-in' })}>{t('frame.sign-in')}</button>
          )}
          <button type="button" className={door === 'membersOnly' ? 'btn quiet' : 'btn plain'} onClick={() => dispatch({ type: 'home' })}>{t('home')}</button>
        </div>
      </section>
    </Door>
  );
}
