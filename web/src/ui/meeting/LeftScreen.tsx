import { Suspense, type ReactElement } from 'react';
import { CircleAlert } from 'lucide-react';
import { ENDS_CALL } from '../../core/call';
import { isOver } from '../../core/calling/calling';
import type { Met } from '../../core/meeting/met';
import { lasted, sentences } from '../../core/report';
import type { Left } from '../../core/state';
import { called } from '../../core/title';
import type { Report } from '../../proto/api.gen';
import { CallLeft } from '../calling/part';
import { useCall } from '../calling/use-call';
import { useDispatch, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Cameo } from '../kit/Cameo';
import { Door } from '../kit/Door';
import { later } from '../kit/later';
import { Link } from '../kit/Link';
import { clock } from './panels/when';
import css from './LeftScreen.module.css';

const Rating = later(() => import('./Rating'));

/** After the meeting, by whatever door. */
export default function LeftScreen({ left, code }: { readonly left: Left; readonly code: string }): ReactElement {
  const call = useCall();
  return call !== null && (isOver(call) || ENDS_CALL.includes(left.why)) ? <CallLeft left={left} call={call} /> : <MeetingLeft left={left} code={code} />;
}

function MeetingLeft({ left, code }: { readonly left: Left; readonly code: string }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const home = (): void => dispatch({ type: 'home' });
  const busy = left.entry.state === 'busy';
  const hint = left.why === 'removed' ? t(left.barred ? 'left.removed.barred' : 'left.removed.text') : left.why === 'alone' || left.why === 'ended' || left.why === 'elsewhere' || left.why === 'restarting' || left.why === 'lost' ? t(`left.${left.why}.text`) : null;
  return (
    <Door>
      <section className={css['box']}>
        <h1 className="display" {...LANDING}>{t(`left.${left.why}`)}</h1>
        {hint !== null && <p>{hint}</p>}
        <p className="small">{t('left.stayed', { title: called(t, left.title), time: lasted(t, left.stayed) })}</p>
        {left.met.length > 0 && <With met={left.met} />}
        {left.report !== null && left.report.troubles.length > 0 && <Why report={left.report} />}
        {left.entry.state === 'refused' && (
          <div className="notice bad" role="alert"><CircleAlert className="i" aria-hidden="true" /><span>{t.text(left.entry.text)}</span></div>
        )}
        <div className="row wrap">
          {!left.barred && (
            <button type="button" className="btn primary" disabled={busy} onClick={() => dispatch({ type: 'rejoin' })}>
              {busy && <span className="spin" aria-hidden="true" />}{t(busy ? 'prejoin.joining' : 'left.rejoin')}
            </button>
          )}
          <button type="button" className={left.barred ? 'btn primary' : 'btn plain'} onClick={home}>{t('home')}</button>
        </div>
        {left.rating !== null && <Suspense fallback={null}><Rating rating={left.rating} /></Suspense>}
        {left.belongs && !left.barred && <Link to={{ to: 'room-page', code }}>{t('left.room')}</Link>}
      </section>
    </Door>
  );
}

/** What was bad, in plain words. */
function Why({ report }: { readonly report: Report }): ReactElement {
  const t = useSpeech();
  return (
    <section className={css['why']} aria-labelledby="report" data-report>
      <h2 id="report" className="strong">{t('report.title')}</h2>
      <ul>
        {sentences(t, report.troubles, report.me, (at) => clock(t, at)).map((line) => <li key={line}>{line}</li>)}
      </ul>
    </section>
  );
}

/** So many are drawn, and called by name. */
const FACES = 6;

/** Who else was there. */
function With({ met }: { readonly met: readonly Met[] }): ReactElement {
  const t = useSpeech();
  const names = met.slice(0, FACES).map(({ name }) => name);
  const more = met.length - names.length;
  return (
    <div className={css['with']}>
      <span className="faces">{met.slice(0, FACES).map(({ person, name, avatar }) => <Cameo key={person} name={name} avatar={avatar} />)}</span>
      <p className="small">{t('left.with', { names: t.list(more > 0 ? [...names, t('prejoin.more', { n: more })] : names) })}</p>
    </div>
  );
}
