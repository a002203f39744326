import { useMemo, useState, type ReactElement } from 'react';
import { UserPlus } from 'lucide-react';
import { callHere } from '../../../core/calling/calling';
import { iLead } from '../../../core/meeting/aside';
import { matching } from '../../../core/meeting/actions';
import { rows } from '../../../core/meeting/people';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { SearchField } from '../../kit/SearchField';
import { useMeeting } from '../floor';
import { HandRow } from './HandRow';
import { Knockers } from './Knockers';
import { Panel } from './Panel';
import { PersonRow } from './PersonRow';
import css from './People.module.css';

/** With fewer the list is read faster than a name is typed. */
const SEARCH_FROM = 10;

/** Who waits, whose hands are up, who is in. */
export default function People(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const live = useMeeting((meeting) => meeting.live);
  const people = useMeeting((meeting) => meeting.people);
  const me = useMeeting((meeting) => meeting.me);
  const lead = useMeeting(iLead);
  // Those who lead let people in: they ask whoever is reachable. Into a call one rings, which has a key of its own.
  const asks = useSelect((state) => state.session.is === 'known' && callHere(state) === null) && lead;
  const [typed, setTyped] = useState('');
  const all = useMemo(() => rows({ live, people, me }), [live, people, me]);
  const searched = all.length >= SEARCH_FROM;
  const shown = searched ? matching(typed, all, (row) => row.name) : all;
  const hands = all.filter((row) => row.hand > 0).toSorted((one, other) => one.hand - other.hand);
  return (
    <Panel
      name="people"
      title={t('people.title')}
      close={t('people.close')}
      tools={(
        <button type="button" className="btn quiet low" onClick={() => dispatch(asks ? { type: 'overlay', show: 'invite' } : { type: 'call/invite', open: true })}>
          <UserPlus className="i s" aria-hidden="true" />{t('people.invite')}
        </button>
      )}
    >
      <div className="body">
        {live !== null && live.waiting.length > 0 && <Knockers waiting={live.waiting} />}
        {hands.length > 0 && (
          <section aria-labelledby="people-hands">
            <h3 id="people-hands" className={cx('over', css['over'])}>{t.count('people.hands', hands.length)}</h3>
            <ul className={css['list']}>
              {hands.map((row) => <HandRow key={row.person} row={row} since={live?.hands[row.hand - 1]?.since ?? 0} lead={lead} />)}
            </ul>
          </section>
        )}
        <section aria-labelledby="people-here">
          <h3 id="people-here" className={cx('over', css['over'])}>{t.count('people.here', all.length)}</h3>
          {searched && <SearchField className={css['search']} label={t('people.search')} value={typed} onType={setTyped} />}
          <ul className={css['list']}>{shown.map((row) => <PersonRow key={row.person} row={row} />)}</ul>
          {shown.length === 0 && <p className={cx('hint', css['none'])}>{t('people.none-found')}</p>}
        </section>
      </div>
    </Panel>
  );
}
