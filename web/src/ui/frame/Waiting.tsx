import type { ReactElement } from 'react';
import type { WaitingPage } from '../../core/state';
import { useDispatch, useSpeech } from '../context';
import { isUnanswered } from '../../core/network';
import { LANDING } from '../kit/arrival';
import { Door } from '../kit/Door';
import { Notice } from '../kit/Notice';
import { Offline } from '../kit/Offline';
import css from './Waiting.module.css';

/** Until the server has answered; nothing is drawn that could be wrong a moment later. */
export function Waiting({ page }: { readonly page: WaitingPage | null }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  if (page?.trouble && isUnanswered(page.trouble)) {
    return <Door><Offline onAgain={() => dispatch({ type: 'begin' })} /></Door>;
  }
  return (
    <Door>
      {page?.trouble ? (
        <section className={css['box']}>
          <h1 className="sr" {...LANDING}>{t('frame.unreachable')}</h1>
          <Notice tone="bad" text={page.trouble} />
          <button type="button" className="btn primary" onClick={() => dispatch({ type: 'begin' })}>{t('again')}</button>
        </section>
      ) : (
        <p className={css['late']} role="status"><span className="spin" aria-hidden="true" />{t('frame.loading')}</p>
      )}
    </Door>
  );
}
