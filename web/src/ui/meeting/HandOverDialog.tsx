import { useMemo, useState, type ReactElement } from 'react';
import { heir, heirs } from '../../core/meeting/leading';
import type { Row } from '../../core/meeting/people';
import { useDispatch, useSpeech } from '../context';
import { Dialog } from '../kit/Dialog';
import { useMeeting } from './floor';
import { Portrait } from './Portrait';
import css from './HandOverDialog.module.css';

/** No person is called this. */
const NOBODY = '';

/** Leaves, and says who leads then: somebody who is in, or nobody. */
export default function HandOverDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const live = useMeeting((meeting) => meeting.live);
  const people = useMeeting((meeting) => meeting.people);
  const me = useMeeting((meeting) => meeting.me);
  const all = useMemo(() => heirs({ live, people, me }), [live, people, me]);
  // Untouched, the choice follows whoever would be next; so it does when the one who was picked has gone.
  const [picked, setPicked] = useState<string | null>(null);
  const stands = picked === NOBODY || all.some(({ person }) => person === picked);
  const chosen = (stands ? picked : heir({ live, people, me })?.person) ?? NOBODY;
  return (
    <Dialog title={t('leave.who')} onClose={onClose}>
      <form
        className={css['form']}
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          dispatch(chosen === NOBODY ? { type: 'call/leave' } : { type: 'act', act: { act: 'handOver', person: chosen } });
        }}
      >
        <p>{t('leave.who.text')}</p>
        <fieldset className={css['list']}>
          <legend className="sr">{t('leave.who')}</legend>
          {all.map((row) => <Heir key={row.person} row={row} on={row.person === chosen} onPick={setPicked} />)}
          <label className={css['one']}>
            <input type="radio" name="heir" checked={chosen === NOBODY} onChange={() => setPicked(NOBODY)} />
            <span className="grow">{t('leave.nobody')}</span>
          </label>
        </fieldset>
        <div className="acts"><button type="submit" className="btn danger">{t('meeting.leave')}</button></div>
      </form>
    </Dialog>
  );
}

function Heir({ row, on, onPick }: { readonly row: Row; readonly on: boolean; readonly onPick: (person: string) => void }): ReactElement {
  const t = useSpeech();
  return (
    <label className={css['one']} data-heir={row.person}>
      <input type="radio" name="heir" checked={on} onChange={() => onPick(row.person)} />
      <Portrait identity={row.person} name={row.name} size="sm" />
      <span className="grow">{row.name}</span>
      {row.role === 'guest' && <span className="small">{t('people.role.guest')}</span>}
    </label>
  );
}
