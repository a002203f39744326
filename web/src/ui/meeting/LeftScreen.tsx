import type { ReactElement } from 'react';
import { CircleAlert } from 'lucide-react';
import type { Left } from '../../core/state';
import type { Speech } from '../../i18n/text';
import { useDispatch, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Door } from '../kit/Door';
import css from './LeftScreen.module.css';

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
export function LeftScreen({ left }: { readonly left: Left }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const home = (): void => dispatch({ type: 'home' });
  const busy = left.entry.state === 'busy';
  const hint = left.why === 'removed' ? t(left.barred ? 'left.removed.barred' : 'left.removed.text') : left.why === 'ended' || left.why === 'elsewhere' || left.why === 'restarting' || left.why === 'lost' ? t(`left.${left.why}.text`) : null;
  return (
    <Door>
      <section className={css['box']}>
        <h1 className="display" {...LANDING}>{t(`left.${left.why}`)}</h1>
        {hint !== null && <p>{hint}</p>}
        <p className="small">{t('left.stayed', { title: left.title, time: lasted(t, left.stayed) })}</p>
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
      </section>
    </Door>
  );
}
