import type { ReactElement } from 'react';
import { Check, SlidersHorizontal, TriangleAlert, UserPlus, Video } from 'lucide-react';
import { useSelect, useSpeech } from '../../context';
import { Link } from '../../kit/Link';
import css from './SetupPage.module.css';
import { SetupRoom } from './SetupRoom';

/** The server is set up: where to go from here, and what is known without having tried. */
export function SetupDone(): ReactElement {
  const t = useSpeech();
  const { origin, media } = useSelect((state) => state.browser);
  const secure = media !== 'insecure';
  return (
    <SetupRoom
      title={t('setup.done.title')}
      intro={(
        <>
          <p>{t('setup.done.text')}</p>
          <Link to={{ to: 'start' }} className="btn primary big"><Video className="i" aria-hidden="true" />{t('setup.done.home')}</Link>
          <Link to={{ to: 'console', tab: 'invitations' }} className="btn plain"><UserPlus className="i" aria-hidden="true" />{t('setup.done.invite')}</Link>
          <Link to={{ to: 'console', tab: 'settings' }} className="btn quiet">
            <SlidersHorizontal className="i" aria-hidden="true" />{t('setup.done.console')}
          </Link>
        </>
      )}
    >
      <section className="card">
        <div className={`sect ${css['head'] ?? ''}`}><h2>{t('setup.known')}</h2></div>
        <ul className={`divide ${css['known'] ?? ''}`}>
          <li className="item">
            <span className={secure ? `frame ${css['ok'] ?? ''}` : 'frame red'}>
              {secure ? <Check className="i" aria-hidden="true" /> : <TriangleAlert className="i" aria-hidden="true" />}
            </span>
            <span className="grow">
              <span className="strong">{t('setup.known.web')}</span>
              <p className="small">{t(secure ? 'setup.known.web.secure' : 'setup.known.web.open', { origin })}</p>
            </span>
            <span className={secure ? 'badge ok' : 'badge bad'}>{t(secure ? 'setup.badge.open' : 'setup.badge.bad')}</span>
          </li>
          <li className="item">
            <span className="frame grey"><Video className="i" aria-hidden="true" /></span>
            <span className="grow">
              <span className="strong">{t('setup.known.media')}</span>
              <p className="small">{t('setup.known.media.text')}</p>
            </span>
            <span className="badge">{t('setup.badge.untested')}</span>
          </li>
        </ul>
      </section>
    </SetupRoom>
  );
}
