import { useEffect, type FormEvent, type ReactElement } from 'react';
import { Copy, Webhook } from 'lucide-react';
import { hooks, type HooksEvent, type Told } from '../../../core/programs/hooks';
import { HOOKS } from '../../../i18n/hooks';
import { own } from '../../../i18n/own';
import type { Hook, HookDelivery, MadeHook } from '../../../proto/api.gen';
import { useDispatch, usePorts, useSpeech } from '../../context';
import { Field } from '../../kit/Field';
import { givesBack } from '../../kit/gives-back';
import { Notice } from '../../kit/Notice';
import { Seg } from '../../kit/Seg';
import { Skeleton } from '../../kit/Skeleton';
import { usePart } from '../../kit/use-part';
import { moment } from '../dates';
import programs from '../programs/Programs.module.css';
import css from './Hooks.module.css';

type Tell = (event: HooksEvent) => void;

const useWords = () => own(HOOKS, useSpeech().tongue);

/** So often it is asked how far things on their way have come, in seconds: soon for whoever waits, and little to answer. */
const PAUSE_S = 3;

/** The addresses that are told what happens. */
export function Hooks(): ReactElement {
  const w = useWords();
  const { everySecond } = usePorts();
  const [state, tell] = usePart(hooks);
  useEffect(() => {
    let seconds = 0;
    return everySecond(() => {
      seconds += 1;
      if (seconds % PAUSE_S === 0 && !document.hidden) tell({ type: 'again' });
    });
  }, [everySecond, tell]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    tell({ type: 'add' });
  };
  return (
    <section aria-labelledby="hooks">
      <div className="sect"><h2 id="hooks">{w('hooks')}</h2></div>
      <p className={`small ${programs['lead'] ?? ''}`}>{w('hooks.lead')}</p>
      <Notice tone="bad" text={state.unreached} />
      <Notice tone="bad" text={state.trouble} />
      {state.made && <Made made={state.made} onClose={() => tell({ type: 'close' })} />}
      <div className={`card divide ${programs['lines'] ?? ''}`}>
        {state.list === null && state.unreached === null && <Skeleton lines={1} />}
        {state.list?.length === 0 && <p className="item small">{w('hooks.none')}</p>}
        {state.list?.map((hook) => (
          <Line key={hook.id} hook={hook} log={state.open === hook.id ? (state.log ?? 'awaited') : null} tell={tell} />
        ))}
        <form className={css['add']} onSubmit={submit} noValidate>
          <Field
            label={w('hooks.address')}
            placeholder="https://"
            wrong={state.wrong}
            value={state.address}
            autoComplete="off"
            exact
            maxLength={500}
            onType={(address) => tell({ type: 'address', address })}
          />
          <div className={css['choice']}>
            <span className="label">{w('hooks.told')}</span>
            <Seg<Told>
              label={w('hooks.told')}
              choices={(['both', 'rooms', 'calls'] as const).map((value) => ({ value, face: w(`hooks.${value}`) }))}
              value={state.told}
              onPick={(told) => tell({ type: 'told', told })}
            />
          </div>
          <div className={css['choice']}>
            <span className="label">{w('hooks.signer')}</span>
            <Seg<string>
              label={w('hooks.signer')}
              choices={[{ value: '', face: w('hooks.own') }, ...state.apiKeys.map((key) => ({ value: key, face: key }))]}
              value={state.signer}
              onPick={(signer) => tell({ type: 'signer', signer })}
            />
          </div>
          <div>
            <button type="submit" className="btn plain" disabled={state.busy || state.list === null}>
              {state.busy && <span className="spin" aria-hidden="true" />}{w('hooks.add')}
            </button>
          </div>
        </form>
      </div>
    </section>
  );
}

function Line({ hook, log, tell }: { readonly hook: Hook; readonly log: readonly HookDelivery[] | 'awaited' | null; readonly tell: Tell }): ReactElement {
  const t = useSpeech();
  const w = useWords();
  const { id, address, rooms, calls, apiKey, stopped, waiting, leftOut } = hook;
  // What is written on a button, and of which webhook: there may be several.
  const called = (words: string): string => `${words}: ${address}`;
  const turn = w(stopped === undefined ? 'hooks.pause' : 'hooks.resume');
  const told = w(rooms && calls ? 'hooks.both' : rooms ? 'hooks.rooms' : calls ? 'hooks.calls' : 'hooks.nothing');
  return (
    <div ref={givesBack}>
      <div className={`item ${css['hook'] ?? ''}`}>
        <span className="frame"><Webhook className="i" aria-hidden="true" /></span>
        <div className="grow">
          <div className={`t ${programs['wrap'] ?? ''}`}>{address}</div>
          <div className={`d ${programs['wrap'] ?? ''}`}>
            {apiKey === undefined ? w('hooks.signed.own', { told, key: id }) : w('hooks.signed', { told, key: apiKey })}
          </div>
          {(stopped !== undefined || waiting > 0 || leftOut > 0) && (
            <div className={`d ${programs['wrap'] ?? ''} ${css['badges'] ?? ''}`}>
              {stopped !== undefined && <span className="badge warn">{w(`hooks.${stopped}`)}</span>}
              {waiting > 0 && <span className="badge">{w('hooks.waiting', { count: String(waiting) })}</span>}
              {leftOut > 0 && <span className="badge warn">{w('hooks.left-out', { count: String(leftOut) })}</span>}
            </div>
          )}
        </div>
        <div className={css['acts']}>
          {stopped === undefined && (
            <button type="button" className="btn quiet low" aria-label={called(w('hooks.test'))} onClick={() => tell({ type: 'test', id })}>{w('hooks.test')}</button>
          )}
          <button type="button" className="btn quiet low" aria-label={called(w('hooks.log'))} aria-expanded={log !== null} onClick={() => tell({ type: 'open', id: log === null ? id : null })}>
            {w('hooks.log')}
          </button>
          <button type="button" className="btn quiet low" aria-label={called(turn)} onClick={() => tell({ type: 'turn', id, on: stopped !== undefined })}>{turn}</button>
          <button type="button" className="btn danger-quiet low" aria-label={w('hooks.remove', { address })} onClick={() => tell({ type: 'remove', id })}>
            {t('remove')}
          </button>
        </div>
      </div>
      {log !== null && <Log log={log} address={address} on={stopped === undefined} tell={tell} />}
    </div>
  );
}

function Log({ log, address, on, tell }: {
  readonly log: readonly HookDelivery[] | 'awaited';
  readonly address: string;
  /** Whether it is told anything. */
  readonly on: boolean;
  readonly tell: Tell;
}): ReactElement {
  const w = useWords();
  if (log === 'awaited') return <div className={css['log']}><Skeleton lines={2} /></div>;
  if (log.length === 0) return <p className={`small ${css['log'] ?? ''}`}>{w('hooks.log.none')}</p>;
  return (
    <ul className={css['log']} aria-label={w('hooks.log.of', { address })}>
      {log.map((one) => <Entry key={one.id} delivery={one} onResend={on && one.due === undefined ? () => tell({ type: 'resend', delivery: one.id }) : null} />)}
    </ul>
  );
}

/** One line of the log: what, how it went, and when it was tried how often; what is over can be sent once more. */
function Entry({ delivery: { event, at, tries, due, status, trouble }, onResend }: { readonly delivery: HookDelivery; readonly onResend: (() => void) | null }): ReactElement {
  const { tongue } = useSpeech();
  const w = useWords();
  const state = due !== undefined
    ? { badge: 'badge', text: tries === 0 ? w('hooks.on-its-way') : w('hooks.again', { when: moment(tongue, due) }) }
    : trouble === undefined ? { badge: 'badge ok', text: w('hooks.taken') } : { badge: 'badge warn', text: w('hooks.failed') };
  const why = [status !== undefined && w('hooks.status', { status: String(status) }), trouble !== undefined && w(`trouble.${trouble}`)];
  return (
    <li>
      <div className={css['what']}>
        <code>{event}</code>
        <span className={state.badge}>{state.text}</span>
        {onResend && (
          <button type="button" className="btn quiet low push" aria-label={w('hooks.resend.of', { event, when: moment(tongue, at) })} onClick={onResend}>{w('hooks.resend')}</button>
        )}
      </div>
      <div className="small num">{w('hooks.tries', { when: moment(tongue, at), count: String(tries) })}</div>
      {trouble !== undefined && <div className="small">{why.filter((part) => part !== false).join(' · ')}</div>}
    </li>
  );
}

/** The secret of a new one, this once. */
function Made({ made: { hook, secret = '' }, onClose }: { readonly made: MadeHook; readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const w = useWords();
  const dispatch = useDispatch();
  const title = w('hooks.fresh', { address: hook.address });
  const copy = (): void => void navigator.clipboard.writeText(secret).then(
    () => dispatch({ type: 'copied', done: true }),
    () => dispatch({ type: 'copied', done: false }),
  );
  return (
    <section className={`card ${programs['made'] ?? ''}`} aria-label={title}>
      <div className="row">
        <h3 className={`grow ${programs['wrap'] ?? ''}`}>{title}</h3>
        <button type="button" className="btn quiet low" onClick={onClose}>{t('close')}</button>
      </div>
      <div className="copy">
        <span data-secret-link className={programs['secret']}>{secret}</span>
        <button type="button" className="btn quiet low" onClick={copy}><Copy className="i s" aria-hidden="true" />{t('copy')}</button>
      </div>
      <p className="hint" role="status">{w('hooks.once', { key: hook.id })}</p>
    </section>
  );
}
