import { useState, type ReactElement } from 'react';
import { CircleAlert, LogIn, Video } from 'lucide-react';
import type { StartPage } from '../../core/state';
import { useDispatch, useSelect, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Lamp } from '../kit/Brand';
import { Door } from '../kit/Door';
import { Link } from '../kit/Link';
import { CodeField } from './CodeField';
import { greeting } from './greeting';
import css from './StartScreen.module.css';

export function StartScreen({ page }: { readonly page: StartPage }): ReactElement {
  const t = useSpeech();
  const name = useSelect((state) => state.settings.name);
  const dispatch = useDispatch();
  // Until the server has said who may make rooms it is offered: the answer then says so.
  const makes = useSelect(({ server }) => server === null || server.create === 'anyone');
  const [hour] = useState(() => new Date().getHours());
  return (
    <Door className={css['start']}>
      <div className={css['hall']}>
        <div className={css['words']}>
          <h1 className="display" {...LANDING}>{greeting(t, name, hour)}</h1>
          <p className={css['lead']}>{t(makes ? 'start.lead' : 'home.start.members')}</p>
          {page.trouble && (
            <div className="notice bad" role="alert"><CircleAlert className="i" aria-hidden="true" /><span>{t.text(page.trouble)}</span></div>
          )}
          <div className={css['starts']}>
            {makes ? (
              <button type="button" className="btn primary big" disabled={page.busy !== 'no'} onClick={() => dispatch({ type: 'start/new' })}>
                {page.busy === 'making' ? <span className="spin" aria-hidden="true" /> : <Video className="i" aria-hidden="true" />}
                {t(page.busy === 'making' ? 'start.making' : 'start.new')}
              </button>
            ) : (
              <Link to={{ to: 'sign-in' }} className="btn primary big"><LogIn className="i" aria-hidden="true" />{t('home.start.sign-in')}</Link>
            )}
            <CodeField page={page} />
          </div>
        </div>
        <Lamp className={css['lamp']} />
      </div>
    </Door>
  );
}
