import type { ReactElement } from 'react';
import { lasted, sentences } from '../../../core/report';
import type { PastMeeting } from '../../../proto/api.gen';
import { useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { clock } from '../../meeting/panels/when';
import { moment } from '../dates';
import css from './RoomPage.module.css';

/** So many are named; the others are counted. */
const NAMED = 6;

/** The last meetings: who was in, for how long, and what was bad. */
export function PastMeetings({ meetings }: { readonly meetings: readonly PastMeeting[] }): ReactElement {
  const t = useSpeech();
  return (
    <section className={cx('card', css['form'])} aria-labelledby="past" data-past>
      <h2 id="past">{t('rooms.past')}</h2>
      <ol className={css['past']}>{meetings.map((one) => <Meeting key={one.began} meeting={one} />)}</ol>
      <p className="small">{t('rooms.past.kept')}</p>
    </section>
  );
}

function Meeting({ meeting }: { readonly meeting: PastMeeting }): ReactElement {
  const t = useSpeech();
  const { began, until, people, troubles } = meeting;
  const names = people.slice(0, NAMED).map(({ name }) => name);
  const more = people.length - names.length;
  const told = sentences(t, troubles, null, (at) => clock(t, at));
  return (
    <li>
      <div className="row wrap">
        <span className="strong">{moment(t.tongue, began)}</span>
        <span className="small">{lasted(t, until - began)}</span>
      </div>
      <p className="small">{t.list(more > 0 ? [...names, t('prejoin.more', { n: more })] : names)}</p>
      {told.length > 0 && <ul className="small">{told.map((line) => <li key={line}>{line}</li>)}</ul>}
    </li>
  );
}
