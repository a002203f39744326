import { Suspense, type ReactElement } from 'react';
import { CircleAlert } from 'lucide-react';
import type { Met } from '../../core/meeting/met';
import type { Left } from '../../core/state';
import { called } from '../../core/title';
import type { Speech } from '../../i18n/text';
import { useDispatch, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Cameo } from '../kit/Cameo';
import { Door } from '../kit/Door';
import { later } from '../kit/later';
import { Link } from '../kit/Link';
import css from './LeftScreen.module.css';

const Rating = later(() => import('./Rating'));

/** How long a stay was, in the words of the language. */
export function lasted(t: Speech, ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return t.count('time.seconds', seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t.count('time.minutes', minutes);
  const rest = minutes % 60;
  const hours = t.count('time.hours', Math.floor(minutes / 60));
  return rest === 0 ? hours : t.list([hours, t.count('time.minutes', rest)]);
}

/** After the meeting, by whatever door. */
export function LeftScreen({ left, code }: { readonly left: Left; readonly code: string }): ReactElement {
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

/** So many are drawn, and called by name. */
const FACES = 6;

/** Who else was there. */
function With({ met }: { readonly met: readonly Met[] }): ReactElement {
  const t = useSpeech();
  const names = met.slice(0, FACES).map(({ name }) => name);
  const more = met.length - names.length;
  return (
    <div className={css['with']}>
      <span className="faces">{met.slice(0, FACES).map(({ person, name, avatar }) => <Cameo key={person} identity={person} name={name} avatar={avatar} />)}</span>
      <p className="small">{t('left.with', { names: t.list(more > 0 ? [...names, t('prejoin.more', { n: more })] : names) })}</p>
    </div>
  );
}
