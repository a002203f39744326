import { useEffect, useRef, useState, type ReactElement, type SyntheticEvent } from 'react';
import { BellOff, MessageCircle, Phone, PhoneOff, Video } from 'lucide-react';
import { calledToo, callersOf, forwarderOf, inCall, inside, meantOf } from '../../core/calling/calling';
import { noteOf } from '../../core/calling/presence';
import { kindWords } from '../../core/calling/words';
import { keyOf } from '../../core/shortcuts';
import { own as ownWords } from '../../i18n/own';
import { URGENT } from '../../i18n/urgent';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { givesBack } from '../kit/gives-back';
import { keyFace } from '../kit/key-hint';
import { Since } from './Since';
import css from './Calling.module.css';

/** What the caller is told when declining, at most; as the server takes it. */
const LONGEST_REPLY = 200;

/** A call that comes in. It lies beside the page, not before it: typing goes on. `full`: it has the screen of a phone for itself. */
export function Incoming({ call, size, keys, silences }: {
  readonly call: Call;
  readonly size: 'small' | 'large' | 'full';
  /** Whether the keys that answer and decline are said with it, and the one that silences. */
  readonly keys: boolean;
  readonly silences: boolean;
}): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const [writing, setWriting] = useState(false);
  const busy = useSelect(inside);
  const [small, full] = [size === 'small', size === 'full'];
  const calls = useSelect(inCall);
  const hushed = useSelect(({ calling }) => calling.hushed.includes(call.id));
  const pressed = useSelect(({ calling }) => calling.pressed[call.id]);
  const by = forwarderOf(call);
  // Nobody else would ring.
  const urgent = useSelect(({ calling }) => calling.said?.chosen === 'doNotDisturb');
  const heading = useRef<HTMLHeadingElement>(null);
  const [other] = callersOf(call);
  const note = useSelect((state) => (other && meantOf(call).length === 1 ? noteOf(state, other.account) : null));
  const name = t.list(callersOf(call).map((one) => one.name));
  const too = calledToo(call);
  // The buttons go when one is pressed: a focus in the card stays in it.
  const stayHere = (): void => {
    if (heading.current?.closest('section')?.contains(document.activeElement)) heading.current.focus({ preventScroll: true });
  };
  // Whoever talks to somebody has them on hold, unless they are to go.
  const answer = (video: boolean): void => {
    stayHere();
    dispatch({ type: 'calling/answer', id: call.id, video, ...(calls ? { keep: true } as const : {}) });
  };
  const endAndAnswer = (): void => {
    stayHere();
    dispatch({ type: 'calling/answer', id: call.id, video: false });
  };
  const decline = (): void => dispatch({ type: 'calling/decline', id: call.id });
  const hush = (): void => dispatch({ type: 'calling/hush', id: call.id });
  const answering = pressed === 'answer' || pressed === 'video' || pressed === 'keep';
  return (
    <section ref={givesBack} className={cx('ring', css['in'], full && css['full'], small && css['second'])} aria-label={t('calling.in', { name })} data-call-card={call.id}>
      <div className={css['who']}>
        <span className="lit">{other && <Cameo name={other.name} avatar={other.avatar} size={full ? 'xxl' : small && !busy ? undefined : 'lg'} />}</span>
        <div className="grow">
          <h2 ref={heading} tabIndex={-1} className={cx('ellipsis', full && 'display')}>{name}</h2>
          {call.returned !== undefined && <p className="strong">{t('calling.returned', { name: call.returned })}</p>}
          {too.length > 0 && <p className="small">{t('calling.in.with', { name: t.list(too.map((one) => one.name)) })}</p>}
          {by && <p className="strong">{t('calling.forwarded.by', { name: by.name })}</p>}
          <p className="small">{t('calling.in.since', { kind: kindWords(call) })} <Since began={call.began} /></p>
          {urgent && <p className="small">{ownWords(URGENT, t.tongue)('mine')}</p>}
          {note !== null && <p className="hint ellipsis">{note}</p>}
        </div>
        {!full && <Hush hushed={hushed} onHush={hush} />}
      </div>
      {answering && <p className={css['answering']} role="status"><span className="spin" aria-hidden="true" />{t('calling.answering')}</p>}
      {!answering && writing && <Reply onBack={() => setWriting(false)} onSend={(reply) => dispatch({ type: 'calling/decline', id: call.id, reply })} />}
      {!answering && !writing && (
        <div className={css['ask']}>
          <div className="two">
            <button type="button" className={cx('btn', 'answer', small ? 'low' : 'big')} aria-keyshortcuts={keys ? 'Control+Enter' : undefined} onClick={() => answer(false)}>
              {!busy && <Phone className={cx('i', small && 's')} aria-hidden="true" />}{t(calls ? 'calling.answer.hold' : busy ? 'calling.answer.leave' : 'calling.answer')}
            </button>
            {calls && <button type="button" className="btn plain low" onClick={endAndAnswer}>{t('calling.answer.end')}</button>}
            {!calls && <Decline low={small} keys={keys} onDecline={decline} />}
          </div>
          <div className={cx((calls || !busy) && 'two')}>
            {calls && <Decline low quiet keys={keys} onDecline={decline} />}
            {!busy && (
              <button type="button" className={cx('btn plain', small && 'low')} aria-label={t('calling.answer.video.name')} onClick={() => answer(true)}>
                <Video className="i s" aria-hidden="true" />{t('calling.answer.video')}
              </button>
            )}
            <button type="button" className={cx('btn', calls ? 'quiet low' : 'plain', small && !busy && 'low', busy && !calls && 'wide')} aria-expanded={false} onClick={() => setWriting(true)}>
              <MessageCircle className="i s" aria-hidden="true" />{t('calling.message')}
            </button>
          </div>
          {full && <Hush hushed={hushed} onHush={hush} words />}
        </div>
      )}
      {keys && size === 'large' && !answering && !writing && <Keys silences={silences} />}
    </section>
  );
}

function Decline({ low, quiet = false, keys, onDecline }: {
  readonly low: boolean;
  readonly quiet?: boolean | undefined;
  readonly keys: boolean;
  readonly onDecline: () => void;
}): ReactElement {
  const t = useSpeech();
  return (
    <button type="button" className={cx('btn', quiet ? 'danger-quiet' : 'danger', low ? 'low' : 'big')} aria-keyshortcuts={keys ? 'Control+Shift+D' : undefined} onClick={onDecline}>
      <PhoneOff className={cx('i', low && 's')} aria-hidden="true" />{t('calling.decline')}
    </button>
  );
}

function Keys({ silences }: { readonly silences: boolean }): ReactElement {
  const t = useSpeech();
  const { keys, letterKeys } = useSelect((state) => state.settings);
  const key = letterKeys ? keyOf(keys, 'microphone', 'bare') : keyOf(keys, 'microphone', 'chord');
  return (
    <p className={cx('hint', css['keys'])} aria-hidden="true">
      <kbd>Ctrl</kbd> <kbd>{t('key.enter')}</kbd> {t('calling.in.keys')}{silences && key !== null && <>, <kbd>{keyFace(t, key)}</kbd> {t('calling.in.keys.hush')}</>}
    </p>
  );
}

function Hush({ hushed, onHush, words = false }: { readonly hushed: boolean; readonly onHush: () => void; readonly words?: boolean | undefined }): ReactElement {
  const t = useSpeech();
  return (
    <button
      type="button"
      className={words ? 'btn quiet' : 'btn icon'}
      aria-pressed={hushed}
      disabled={hushed && words}
      aria-label={t('calling.hush')}
      title={t(hushed ? 'calling.hushed' : 'calling.hush')}
      onClick={onHush}
    >
      <BellOff className="i" aria-hidden="true" />{words && t(hushed ? 'calling.hushed' : 'calling.hush')}
    </button>
  );
}

/** Declines with a word: one of two that are always at hand, or one's own. */
function Reply({ onBack, onSend }: { readonly onBack: () => void; readonly onSend: (reply: string) => void }): ReactElement {
  const t = useSpeech();
  const [own, setOwn] = useState('');
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (own.trim() !== '') onSend(own);
  };
  return (
    <form className={css['ask']} aria-label={t('calling.message.title')} onSubmit={send}>
      <p className="strong">{t('calling.message.title')}</p>
      <div className="two">
        <button ref={first} type="button" className="btn plain" onClick={() => onSend(t('calling.message.later'))}>{t('calling.message.later')}</button>
        <button type="button" className="btn plain" onClick={() => onSend(t('calling.message.ten'))}>{t('calling.message.ten')}</button>
      </div>
      <div className={css['own']}>
        <input
          className="input"
          aria-label={t('calling.message.own')}
          placeholder={t('calling.message.own')}
          maxLength={LONGEST_REPLY}
          autoComplete="off"
          value={own}
          onChange={(event) => setOwn(event.target.value)}
        />
        <button type="submit" className="btn danger" disabled={own.trim() === ''}>{t('calling.message.send')}</button>
      </div>
      <button type="button" className="btn quiet" onClick={onBack}>{t('calling.message.back')}</button>
    </form>
  );
}
