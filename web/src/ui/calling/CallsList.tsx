import type { ReactElement } from 'react';
import { ArrowUpDown, Merge, PhoneForwarded, PhoneOff } from 'lucide-react';
import { heldBy, heldCalls, namesOf, otherOf } from '../../core/calling/calling';
import type { Call } from '../../proto/api.gen';
import type { State } from '../../core/state';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { Since } from './Since';
import css from './Calling.module.css';

/** As one value, so that it is drawn again only when another call is held. */
const heldIds = (state: State): string => heldCalls(state).map(({ id }) => id).join();

/** The calls of this device, where there are several: the one that is talked in, and those on hold. */
export function CallsList({ here }: { readonly here: Call }): ReactElement | null {
  const t = useSpeech();
  const ids = useSelect(heldIds);
  if (ids === '') return null;
  return (
    <aside className={css['calls']} aria-label={t('calling.calls')} data-walk>
      <Talking call={here} />
      {ids.split(',').map((id) => <Waiting key={id} id={id} here={here} />)}
    </aside>
  );
}

function Talking({ call }: { readonly call: Call }): ReactElement | null {
  const t = useSpeech();
  const other = otherOf(call);
  const rests = call.stage.is === 'held' || heldBy(call) !== null;
  return other ? (
    <div className={cx('card', css['line'], css['on'])} data-call-line="here">
      <div className="row">
        <Cameo name={other.name} avatar={other.avatar} />
        <div className="grow">
          <p className={cx('strong', 'ellipsis')}>{namesOf(call)}</p>
          <p className="small">{t(rests ? 'calling.held' : call.answered === undefined ? 'calling.dialing' : 'calling.talking')} {!rests && call.answered !== undefined && <Since began={call.answered} long />}</p>
        </div>
      </div>
    </div>
  ) : null;
}

function Waiting({ id, here }: { readonly id: string; readonly here: Call }): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const call = useSelect(({ calling }) => calling.calls.find((one) => one.id === id) ?? null);
  const pressed = useSelect(({ calling }) => calling.pressed[id] !== undefined);
  const asks = useSelect(({ calling }) => calling.asks === id);
  const other = call && otherOf(call);
  if (!call || !other) return null;
  const name = namesOf(call);
  const there = here.others.some(({ stage }) => stage.is === 'active');
  return (
    <div className={cx('card', css['line'])} data-call-line="held">
      <div className="row">
        <span className={css['grey']}><Cameo name={other.name} avatar={other.avatar} /></span>
        <div className="grow">
          <p className="strong ellipsis">{name}</p>
          <p className="small">{t('calling.held.since')} {call.held !== undefined && <Since began={call.held} long />}</p>
        </div>
      </div>
      {asks && <p className="small">{t('calling.transfer.text', { name })}</p>}
      <div className={css['lineacts']}>
        {asks ? (
          <>
            <button type="button" className="btn primary low" disabled={pressed || !there} onClick={() => dispatch({ type: 'calling/hand-over', id })}>
              <PhoneForwarded className="i s" aria-hidden="true" />{t('calling.transfer.complete')}
            </button>
            <button type="button" className="btn plain low" disabled={pressed} onClick={() => dispatch({ type: 'calling/back', id })}>{t('calling.transfer.back')}</button>
          </>
        ) : (
          <>
            <button type="button" className="btn plain low" disabled={pressed} onClick={() => dispatch({ type: 'calling/resume', id })}>
              <ArrowUpDown className="i s" aria-hidden="true" />{t('calling.swap')}
            </button>
            <button type="button" className="btn plain low" disabled={pressed || !there} onClick={() => dispatch({ type: 'calling/merge', id })}>
              <Merge className="i s" aria-hidden="true" />{t('calling.merge')}
            </button>
            <button
              type="button"
              className="btn icon"
              aria-label={t('calling.end.with', { name })}
              title={t('calling.end.with', { name })}
              onClick={() => dispatch({ type: 'calling/end', id })}
            >
              <PhoneOff className="i" aria-hidden="true" />
            </button>
          </>
        )}
      </div>
    </div>
  );
}
