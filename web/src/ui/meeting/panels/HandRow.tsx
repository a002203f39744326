import { useEffect, useRef, type ReactElement } from 'react';
import { Hand } from 'lucide-react';
import type { Row } from '../../../core/meeting/people';
import { useDispatch, usePorts, useSpeech } from '../../context';
import { givesBack } from '../../kit/gives-back';
import { Portrait } from '../Portrait';

/** Minutes and seconds. */
export function minutes(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A raised hand, with how long it has been up. */
export function HandRow({ row, since, lead }: { readonly row: Row; readonly since: number; readonly lead: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const ports = usePorts();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ports.everySecond((now) => {
    if (ref.current) ref.current.textContent = t('hand.since', { time: minutes(now - since) });
  }), [ports, since, t]);
  const badge = <><Hand className="i" aria-hidden="true" />{row.hand}</>;
  return (
    <li ref={givesBack} className="item">
      <Portrait identity={row.person} name={row.name} size="sm" />
      <div className="grow">
        <div className="t">{row.me ? t('meeting.you', { name: row.name }) : row.name}</div>
        <div className="d num" ref={ref} />
      </div>
      <div className="end">
        {(lead || row.me) && (
          <button
            type="button"
            className="btn quiet low"
            aria-label={t('hand.lower-who', { name: row.name })}
            onClick={() => dispatch(row.me ? { type: 'hand' } : { type: 'act', act: { act: 'lowerHand', person: row.person } })}
          >
            {t('hand.lower')}
          </button>
        )}
        <span className="badge live" role="img" aria-label={t('hand.mark', { n: row.hand })}>{badge}</span>
      </div>
    </li>
  );
}
