import { useEffect, type ReactElement } from 'react';
import { Pause, Phone, Play } from 'lucide-react';
import { meantOf, namesOf, otherOf, presenceOf } from '../../../core/calling/calling';
import { calledBy, renamed } from '../../../core/calling/book';
import { missedCalls, missedLines } from '../../../core/pages/home/missed';
import { clockOf } from '../../../core/voicemail/mailbox';
import { own } from '../../../i18n/own';
import { SALON } from '../../../i18n/salon';
import type { Tongue } from '../../../i18n/text';
import type { Call, Voicemail } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Cameo } from '../../kit/Cameo';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { PresenceMark } from '../../kit/PresenceMark';
import { usePart } from '../../kit/use-part';
import { usePlayback } from '../../voicemail/use-playback';
import { dayOf, moment, time } from '../dates';
import css from './HomePage.module.css';

/** The last calls that I missed and have not looked at, and messages that I have not heard; nothing where there are none. */
export function Missed(): ReactElement | null {
  const t = useSpeech();
  const w = own(SALON, t.tongue);
  const missed = useSelect(({ calling }) => calling.missed);
  const unheard = useSelect(({ calling }) => calling.unheard);
  const mail = useSelect(({ calling }) => calling.mail);
  const [state, tell] = usePart(missedCalls);
  useEffect(() => {
    if (missed > 0) tell({ type: 'again' });
  }, [missed, tell]);
  const messages = unheard === 0 ? '' : `${unheard} ${mail}`;
  useEffect(() => {
    if (messages !== '') tell({ type: 'mails' });
  }, [messages, tell]);
  const lines = missedLines(state, missed, unheard);
  const count = missed + unheard;
  if (lines.length === 0 && (count === 0 || state.trouble === null)) return null;
  return (
    <section aria-labelledby="missed">
      <div className="sect">
        <h2 id="missed">{w('missed')}</h2>{count > 0 && <span className="count">{count}</span>}
        <Link to={{ to: 'calls', person: '' }} className="btn quiet low push">{w('missed.all')}</Link>
      </div>
      <Notice tone="bad" text={state.trouble} />
      {lines.length > 0 && (
        <ul className="card divide">
          {lines.map((line) => (line.is === 'call'
            ? <Row key={line.past.call.id} call={line.past.call} />
            : <Mail key={line.mail.id} mail={line.mail} onPlayed={() => tell({ type: 'played', id: line.mail.id })} />))}
        </ul>
      )}
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

/** A message, which is played in place. */
function Mail({ mail: { id, from, avatar, at, ms, ...told }, onPlayed }: { readonly mail: Voicemail; readonly onPlayed: () => void }): ReactElement {
  const t = useSpeech();
  const w = own(SALON, t.tongue);
  const name = useSelect(({ calling }) => calledBy(calling, from, told.name));
  const presence = useSelect((state) => presenceOf(state, from));
  const { sound, plays, failed, at: passed, press } = usePlayback(id, ms, onPlayed);
  const label = w(plays ? 'missed.pause' : 'missed.play', { name });
  return (
    <li className="item">
      <Cameo name={name} avatar={avatar} mark={<PresenceMark presence={presence} />} />
      <div className="grow">
        <div className="t">{name}</div>
        <div className={`d num ${css['when'] ?? ''}`}>{w('missed.mail', { when: whenOf(t.tongue, at), length: clockOf(passed > 0 ? passed : ms) })}</div>
        {failed && <div className={`d ${css['when'] ?? ''}`} role="alert">{w('missed.failed')}</div>}
      </div>
      <div className="end">
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- nobody has written down what was said */}
        <audio {...sound} />
        <button type="button" className="btn icon" aria-label={label} title={label} onClick={press}>
          {plays ? <Pause className="i" aria-hidden="true" /> : <Play className="i" aria-hidden="true" />}
        </button>
      </div>
    </li>
  );
}

/** The time of today, and the day with it of another. */
const whenOf = (tongue: Tongue, at: number): string => (dayOf(tongue, at) === dayOf(tongue, Date.now()) ? time(tongue, at) : moment(tongue, at));
