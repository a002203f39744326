import type { ReactElement } from 'react';
import { Phone, Video } from 'lucide-react';
import { meantOf, otherOf } from '../../core/calling/calling';
import { endWords, forwardedWords } from '../../core/calling/words';
import { lasted } from '../../core/report';
import type { Left } from '../../core/state';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Cameo } from '../kit/Cameo';
import { Door } from '../kit/Door';
import { AwaitButton, Awaits } from './AwaitButton';
import { Message } from './Message';
import { LeaveButton } from '../voicemail/LeaveButton';
import css from './Calling.module.css';

/** After a call: why it ended, in words, and the way back to whoever it was with. */
export default function CallLeft({ left, call }: { readonly left: Left; readonly call: Call }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const placing = useSelect(({ calling }) => calling.placing !== null);
  const other = otherOf(call);
  const { title, reply, lasted: time } = endWords(call, left.stayed);
  const Icon = call.video ? Video : Phone;
  const named = 'name' in title.args;
  const forwarded = forwardedWords(call);
  return (
    <Door>
      <section className={css['left']}>
        {other && <Cameo name={other.name} avatar={other.avatar} size="xl" />}
        <h1 className="display" {...LANDING}>{t.text(title)}</h1>
        {!named && <p className="small">{t.list(meantOf(call).map(({ name }) => name))}</p>}
        {forwarded && <p className="small">{t.text(forwarded)}</p>}
        {reply !== null && <blockquote className={css['reply']}>{reply}</blockquote>}
        <Awaits call={call} />
        {time !== null && <p className="small">{t('calling.lasted', { time: lasted(t, time) })}</p>}
        <div className="row wrap">
          <button
            type="button"
            className="btn primary"
            disabled={placing}
            onClick={() => dispatch({ type: 'calling/place', people: meantOf(call).map(({ account }) => account), video: call.video })}
          >
            {placing ? <span className="spin" aria-hidden="true" /> : <Icon className="i s" aria-hidden="true" />}{t('calling.again')}
          </button>
          <LeaveButton call={call} />
          <AwaitButton call={call} />
          <Message call={call} />
          <button type="button" className="btn plain" onClick={() => dispatch({ type: 'home' })}>{t('home')}</button>
        </div>
      </section>
    </Door>
  );
}
