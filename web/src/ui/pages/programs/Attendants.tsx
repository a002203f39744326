import { useEffect, useRef, type FormEvent, type ReactElement } from 'react';
import { MessageSquareText, RadioReceiver } from 'lucide-react';
import { attendants, detailsOf, type Attendants as State, type AttendantsEvent } from '../../../core/programs/attendants';
import { own } from '../../../i18n/own';
import { PROGRAMS } from '../../../i18n/programs';
import type { Attendant } from '../../../proto/api.gen';
import { usePorts, useSpeech } from '../../context';
import { Field } from '../../kit/Field';
import { Notice } from '../../kit/Notice';
import { Skeleton } from '../../kit/Skeleton';
import { usePart } from '../../kit/use-part';
import { moment } from '../dates';
import css from './Programs.module.css';

/** So often the list is asked for again, in seconds: whoever looks waits for a program to come. */
const AGAIN = 5;

/** Programs and devices that attend now: those of one account, or all of them. */
export function Attendants({ of }: { readonly of: string | null }): ReactElement {
  const t = useSpeech();
  const w = own(PROGRAMS, t.tongue);
  const { everySecond } = usePorts();
  const [state, tell] = usePart(attendants);
  useEffect(() => {
    let seconds = 0;
    return everySecond(() => {
      seconds += 1;
      if (seconds % AGAIN === 0 && document.visibilityState === 'visible') tell({ type: 'again' });
    });
  }, [everySecond, tell]);
  const shown = state.list?.filter(({ user }) => of === null || user.id === of) ?? null;
  return (
    <section aria-labelledby="attending">
      <div className="sect"><h2 id="attending">{w('attending')}</h2></div>
      <Notice tone="bad" text={state.trouble} />
      <div className={`card divide ${css['lines'] ?? ''}`} role={shown?.length ? 'list' : undefined}>
        {shown === null && state.trouble === null && <Skeleton lines={1} />}
        {shown?.length === 0 && <p className="item small">{w(of === null ? 'attending.none.all' : 'attending.none')}</p>}
        {shown?.map((attendant) => <Row key={attendant.channel} attendant={attendant} mine={of !== null} state={state} tell={tell} />)}
      </div>
      <p className="sr" role="status">{state.sent === null ? '' : w('attending.sent')}</p>
    </section>
  );
}

function Row({ attendant, mine, state, tell }: {
  readonly attendant: Attendant;
  /** Whose it is goes without saying. */
  readonly mine: boolean;
  readonly state: State;
  readonly tell: (event: AttendantsEvent) => void;
}): ReactElement {
  const t = useSpeech();
  const w = own(PROGRAMS, t.tongue);
  const { channel, device, user, since, address } = attendant;
  const details = detailsOf(attendant);
  const writes = state.to === channel;
  return (
    <div role="listitem">
      <div className="item">
        <span className="frame live"><RadioReceiver className="i" aria-hidden="true" /></span>
        <div className="grow">
          <div className="t">{mine ? device : w('attending.of', { device, user: user.displayName })}</div>
          {details !== '' && <div className={`d ${css['wrap'] ?? ''}`}>{details}</div>}
          <div className="d num">{w('attending.since', { since: moment(t.tongue, since) })}{!mine && address !== undefined && ` · ${address}`}</div>
        </div>
        {state.sent === channel && <span className="badge ok">{w('attending.sent')}</span>}
        <button
          type="button"
          className="btn quiet low"
          aria-expanded={writes}
          aria-label={w('attending.write.to', { device })}
          onClick={() => tell({ type: 'write', to: writes ? null : channel })}
        >
          <MessageSquareText className="i s" aria-hidden="true" />{w('attending.write')}
        </button>
      </div>
      {writes && <Write device={device} state={state} tell={tell} />}
    </div>
  );
}

function Write({ device, state, tell }: { readonly device: string; readonly state: State; readonly tell: (event: AttendantsEvent) => void }): ReactElement {
  const t = useSpeech();
  const w = own(PROGRAMS, t.tongue);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    tell({ type: 'send' });
  };
  return (
    <form ref={form} className={css['add']} onSubmit={submit} noValidate aria-label={w('attending.write.to', { device })}>
      <Field
        label={w('attending.write.to', { device })}
        wrong={state.wrong}
        value={state.message}
        autoComplete="off"
        maxLength={1_000}
        onType={(message) => tell({ type: 'message', message })}
      />
      <button type="submit" className="btn plain" disabled={state.busy}>
        {state.busy && <span className="spin" aria-hidden="true" />}{w('attending.send')}
      </button>
    </form>
  );
}
