import { useEffect, type ReactElement } from 'react';
import { Phone } from 'lucide-react';
import { meantOf, namesOf, otherOf, presenceOf } from '../../../core/calling/calling';
import { renamed } from '../../../core/calling/book';
import { AT_HOME, missedCalls } from '../../../core/pages/home/missed';
import { own } from '../../../i18n/own';
import { SALON } from '../../../i18n/salon';
import type { Tongue } from '../../../i18n/text';
import type { Call } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Cameo } from '../../kit/Cameo';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { PresenceMark } from '../../kit/PresenceMark';
import { usePart } from '../../kit/use-part';
import { dayOf, moment, time } from '../dates';
import css from './HomePage.module.css';

/** The last calls that I missed and have not looked at; nothing where there are none. */
export function Missed(): ReactElement | null {
  const t = useSpeech();
  const w = own(SALON, t.tongue);
  const count = useSelect(({ calling }) => calling.missed);
  const [state, tell] = usePart(missedCalls);
  useEffect(() => {
    if (count > 0) tell({ type: 'again' });
  }, [count, tell]);
  const calls = state.calls?.slice(0, AT_HOME) ?? [];
  if (count === 0 || (calls.length === 0 && state.trouble === null)) return null;
  return (
    <section aria-labelledby="missed">
      <div className="sect">
        <h2 id="missed">{w('missed')}</h2><span className="count">{count}</span>
        <Link to={{ to: 'calls', person: '' }} className="btn quiet low push">{w('missed.all')}</Link>
      </div>
      <Notice tone="bad" text={state.trouble} />
      {calls.length > 0 && <ul className="card divide">{calls.map(({ call }) => <Row key={call.id} call={call} />)}</ul>}
    </section>
  );
}

function Row({ call: told }: { readonly call: Call }): ReactElement {
  const t = useSpeech();
  const w = own(SALON, t.tongue);
  const dispatch = useDispatch();
  const calling = useSelect((state) => state.calling);
  const call = renamed(calling, told);
  const other = otherOf(call);
  const presence = useSelect((state) => presenceOf(state, other?.account ?? ''));
  const name = other ? namesOf(call) : w('missed.somebody');
  const when = whenOf(t.tongue, call.began);
  const people = meantOf(call).map(({ account }) => account);
  return (
    <li className="item">
      <Cameo name={name} avatar={other?.avatar} mark={meantOf(call).length === 1 && <PresenceMark presence={presence} />} />
      <div className="grow">
        <div className="t">{name}</div>
        <div className={`d num ${css['when'] ?? ''}`}>{w(call.video ? 'missed.video' : 'missed.voice', { when })}</div>
      </div>
      {people.length > 0 && (
        <div className="end">
          <button
            type="button"
            className="btn icon"
            disabled={calling.placing !== null}
            aria-label={w('missed.back', { name })}
            title={w('missed.back', { name })}
            onClick={() => dispatch({ type: 'calling/place', people, video: call.video })}
          >
            <Phone className="i" aria-hidden="true" />
          </button>
        </div>
      )}
    </li>
  );
}

/** The time of today, and the day with it of another. */
const whenOf = (tongue: Tongue, at: number): string => (dayOf(tongue, at) === dayOf(tongue, Date.now()) ? time(tongue, at) : moment(tongue, at));
