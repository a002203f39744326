import '../../../i18n/test';
import type { ReactElement } from 'react';
import { RotateCcw, SlidersHorizontal, UserPlus, Video } from 'lucide-react';
import type { Run } from '../../../core/trial/run';
import { setUpLead } from '../../../core/trial/summary';
import { countOf } from '../../../core/trial/verdict';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Link } from '../../kit/Link';
import { Results } from '../test/Results';
import css from './SetupPage.module.css';
import { SetupRoom } from './SetupRoom';

/** The server is set up: where to go from here, and what reaches it from this browser, tested meanwhile. */
export function SetupDone({ run }: { readonly run: Run }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const browser = useSelect((state) => state.browser);
  const { open, closed } = countOf(run, browser);
  const over = run.state === 'over';
  return (
    <SetupRoom
      title={t('setup.done.title')}
      intro={(
        <>
          <p>{t.text({ key: over ? setUpLead(run, browser) : 'setup.done.text', args: {} })}</p>
          <Link to={{ to: 'start' }} className="btn primary big"><Video className="i" aria-hidden="true" />{t('setup.done.home')}</Link>
          <Link to={{ to: 'console', tab: 'invitations' }} className="btn plain"><UserPlus className="i" aria-hidden="true" />{t('setup.done.invite')}</Link>
          <Link to={{ to: 'console', tab: 'settings' }} className="btn quiet">
            <SlidersHorizontal className="i" aria-hidden="true" />{t('setup.done.console')}
          </Link>
        </>
      )}
    >
      <section className="card">
        <div className={`sect ${css['head'] ?? ''}`}>
          <h2>{t('test.setup.title')}</h2>
          <span className={`push small num ${css['count'] ?? ''}`}>{t('test.setup.count', { open, closed })}</span>
        </div>
        <Results run={run} label={t('test.setup.title')} />
        <div className={css['after']}>
          {/* It stays where it is while the test runs, lest whoever has pressed it lose their place. */}
          <button type="button" className="btn quiet low" aria-disabled={!over} onClick={() => (over ? dispatch({ type: 'test/begin', devices: false }) : undefined)}>
            <RotateCcw className="i s" aria-hidden="true" />{t('test.again')}
          </button>
          <Link to={{ to: 'test', room: '' }} className="btn quiet low">{t('test.setup.more')}</Link>
        </div>
      </section>
    </SetupRoom>
  );
}
