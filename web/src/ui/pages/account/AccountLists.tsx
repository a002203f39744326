import type { FormEvent, ReactElement } from 'react';
import { Fingerprint, MonitorSmartphone } from 'lucide-react';
import { say } from '../../../i18n/text';
import type { AccountPage as Page } from '../../../core/pages/account/page';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Field } from '../../kit/Field';
import { Notice } from '../../kit/Notice';
import { Skeleton } from '../../kit/Skeleton';
import { day } from '../dates';
import css from './AccountPage.module.css';

export function Passkeys({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const supported = useSelect((state) => state.browser.passkeys);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'account/passkey-add' });
  };
  return (
    <section aria-labelledby="passkeys">
      <div className="sect"><h2 id="passkeys">{t('account.passkeys')}</h2></div>
      <div className={`card divide ${css['lines'] ?? ''}`}>
        {page.passkeys === null && page.trouble === null && <Skeleton lines={1} />}
        {page.passkeys?.length === 0 && supported && <p className="item small">{t('account.passkeys.none')}</p>}
        {page.passkeys?.map((passkey) => (
          <div className="item" key={passkey.id}>
            <span className="frame"><Fingerprint className="i" aria-hidden="true" /></span>
            <div className="grow">
              <div className="t">{passkey.name}</div>
              <div className="d">{t('account.passkey.made', { date: day(t.tongue, passkey.createdAt) })}</div>
            </div>
            <button
              type="button"
              className="btn danger-quiet low"
              aria-label={t('account.passkey.remove', { name: passkey.name })}
              onClick={() => dispatch({ type: 'account/passkey-remove', id: passkey.id })}
            >
              {t('remove')}
            </button>
          </div>
        ))}
        {supported ? (
          <form className={css['add']} onSubmit={submit} noValidate>
            <Field
              label={t('account.passkey.name')}
              placeholder={t('account.passkey.place')}
              wrong={page.passkeyWrong}
              value={page.passkeyName}
              autoComplete="off"
              maxLength={64}
              onType={(name) => dispatch({ type: 'account/passkey-name', name })}
            />
            <button type="submit" className="btn plain" disabled={page.passkeyBusy}>
              {page.passkeyBusy && <span className="spin" aria-hidden="true" />}
              {t(page.passkeyBusy ? 'account.passkey.adding' : 'account.passkey.add')}
            </button>
          </form>
        ) : <Notice tone="plain" text={say('account.passkeys.unsupported')} />}
      </div>
    </section>
  );
}

/** Whether this browser rings when no page of ours is open. */
export function Waking({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <section aria-labelledby="calls">
      <div className="sect"><h2 id="calls">{t('account.calls')}</h2></div>
      <div className={`card ${css['wake'] ?? ''}`}>
        <button
          type="button"
          role="switch"
          className="switch"
          aria-checked={page.wakes === true}
          aria-labelledby="wake"
          aria-describedby="wake-text"
          disabled={page.wakes === null || page.wakeBusy}
          onClick={() => dispatch({ type: 'account/wake', on: page.wakes !== true })}
        >
          <span className="grow">
            <span className="label" id="wake">{t('account.wake')}</span>
            <span className="hint" id="wake-text">{t('account.wake.text')}</span>
          </span>
          <span className="track" />
        </button>
        <Notice tone="bad" text={page.wakeWrong} />
      </div>
    </section>
  );
}

export function Devices({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <section aria-labelledby="devices">
      <div className="sect"><h2 id="devices">{t('account.devices')}</h2></div>
      <div className={`card divide ${css['lines'] ?? ''}`} role={page.devices?.length ? 'list' : undefined}>
        {page.devices === null && page.trouble === null && <Skeleton lines={2} />}
        {page.devices?.map((device) => (
          <div className="item" role="listitem" key={device.id}>
            <span className="frame grey"><MonitorSmartphone className="i" aria-hidden="true" /></span>
            <div className="grow">
              <div className="t">{device.name}</div>
              <div className={`d ${css['wrap'] ?? ''}`}>
                {t('account.device.since', { since: day(t.tongue, device.since), seen: day(t.tongue, device.seen) })}
              </div>
            </div>
            {device.current ? <span className="badge">{t('account.device.current')}</span> : (
              <button
                type="button"
                className="btn quiet low"
                aria-label={t('account.device.sign-out.name', { name: device.name })}
                onClick={() => dispatch({ type: 'account/device-remove', id: device.id })}
              >
                {t('account.device.sign-out')}
              </button>
            )}
          </div>
        ))}
      </div>
    </section>
  );
}
