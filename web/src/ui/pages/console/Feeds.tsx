import { useEffect, type FormEvent, type ReactElement } from 'react';
import { Rss } from 'lucide-react';
import { feeds } from '../../../core/pages/home/news';
import { own } from '../../../i18n/own';
import { PROGRAMS } from '../../../i18n/programs';
import { usePorts, useSpeech } from '../../context';
import { Field } from '../../kit/Field';
import { Notice } from '../../kit/Notice';
import { Skeleton } from '../../kit/Skeleton';
import { usePart } from '../../kit/use-part';
import { moment } from '../dates';
import css from '../programs/Programs.module.css';

/** The feeds whose news stand on everybody's home. */
export function Feeds(): ReactElement {
  const t = useSpeech();
  const w = own(PROGRAMS, t.tongue);
  const { everySecond } = usePorts();
  const [state, tell] = usePart(feeds);
  // A feed that was just added is asked for within a second or two.
  useEffect(() => everySecond(() => tell({ type: 'again' })), [everySecond, tell]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    tell({ type: 'add' });
  };
  return (
    <section aria-labelledby="feeds">
      <div className="sect"><h2 id="feeds">{w('feeds')}</h2></div>
      <p className={`small ${css['lead'] ?? ''}`}>{w('feeds.lead')}</p>
      <Notice tone="bad" text={state.trouble} />
      <div className={`card divide ${css['lines'] ?? ''}`}>
        {state.list === null && state.trouble === null && <Skeleton lines={1} />}
        {state.list?.map(({ address, title, askedAt, trouble, againAt }) => (
          <div className="item" key={address}>
            <span className="frame"><Rss className="i" aria-hidden="true" /></span>
            <div className="grow">
              <div className={`t ${css['wrap'] ?? ''}`}>{title ?? address}</div>
              {title !== undefined && <div className={`d ${css['wrap'] ?? ''}`}>{address}</div>}
              <div className={`d ${css['wrap'] ?? ''}`}>
                {trouble !== undefined && <><span className="badge warn">{w('feeds.trouble')}</span>{' '}</>}
                {trouble !== undefined ? w(`feeds.${trouble}`) : askedAt === undefined ? w('feeds.soon') : w('feeds.asked', { when: moment(t.tongue, askedAt) })}
                {againAt !== undefined && ` ${w('feeds.again', { when: moment(t.tongue, againAt) })}`}
              </div>
            </div>
            <button type="button" className="btn danger-quiet low" aria-label={w('feeds.remove', { name: title ?? address })} disabled={state.busy} onClick={() => tell({ type: 'remove', address })}>
              {t('remove')}
            </button>
          </div>
        ))}
        <form className={css['add']} onSubmit={submit} noValidate>
          <Field
            label={w('feeds.address')}
            placeholder="https://"
            wrong={state.wrong}
            value={state.address}
            autoComplete="off"
            exact
            maxLength={500}
            onType={(address) => tell({ type: 'address', address })}
          />
          <button type="submit" className="btn plain" disabled={state.busy || state.list === null}>
            {state.busy && <span className="spin" aria-hidden="true" />}{w('feeds.add')}
          </button>
        </form>
      </div>
    </section>
  );
}
