import '../../../i18n/account';
import type { FormEvent, ReactElement } from 'react';
import { ImageUp } from 'lucide-react';
import type { AccountPage as Page } from '../../../core/pages/account/page';
import { PICTURE_KINDS } from '../../../core/pages/picture';
import type { Me } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Frame } from '../../frame/Frame';
import { LANDING } from '../../kit/arrival';
import { Face } from '../../kit/Face';
import { Field } from '../../kit/Field';
import { FilePick } from '../../kit/FilePick';
import { Notice } from '../../kit/Notice';
import { AppPasswords } from '../programs/AppPasswords';
import { Attendants } from '../programs/Attendants';
import { Devices, Passkeys, Waking } from './AccountLists';
import { CallsToMe } from './CallsToMe';
import { SeenBy } from './SeenBy';
import css from './AccountPage.module.css';

export default function AccountPage({ page }: { readonly page: Page }): ReactElement | null {
  const t = useSpeech();
  const session = useSelect((state) => state.session);
  if (session.is !== 'known') return null;
  const { me } = session;
  return (
    <Frame title={t('account.title')}>
      <main className={`page ${css['page'] ?? ''}`}>
        <div>
          <h1 {...LANDING}>{t('account.title')}</h1>
          <p className="small">{t('account.signed-in-as', { name: me.account.name })}</p>
        </div>
        <Notice tone="bad" text={page.trouble} />
        <Name page={page} me={me} />
        <Password page={page} me={me} />
        <Waking page={page} />
        <SeenBy />
        <CallsToMe me={me.account.id} />
        <Passkeys page={page} />
        <Devices page={page} />
        <AppPasswords user={me.account} />
        <Attendants of={me.account.id} />
      </main>
    </Frame>
  );
}

function Name({ page, me }: { readonly page: Page; readonly me: Me }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'account/name-send' });
  };
  return (
    <section className={`card ${css['form'] ?? ''}`} aria-label={t('account.name')}>
      <div className="row wrap">
        <Face account={me.account} size="lg" />
        <FilePick
          label={t('account.picture.choose')}
          accept={PICTURE_KINDS.join(',')}
          icon={ImageUp}
          disabled={page.pictureBusy}
          onPick={(picture) => dispatch({ type: 'account/picture', picture })}
        />
        {me.account.avatar !== undefined && (
          <button type="button" className="btn danger-quiet" disabled={page.pictureBusy} onClick={() => dispatch({ type: 'account/picture-remove' })}>
            {t('remove')}
          </button>
        )}
      </div>
      <Notice tone="bad" text={page.pictureWrong} />
      <form className={css['two']} onSubmit={submit} noValidate>
        <Field
          label={t('account.name')}
          hint={t('account.name.hint')}
          wrong={page.nameWrong}
          value={page.displayName ?? me.account.displayName}
          autoComplete="name"
          maxLength={128}
          onType={(displayName) => dispatch({ type: 'account/name', displayName })}
        />
        <div className="acts">
          <button type="submit" className="btn plain" disabled={page.displayName === null || page.nameBusy}>{t('save')}</button>
        </div>
      </form>
    </section>
  );
}

function Password({ page, me }: { readonly page: Page; readonly me: Me }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { password } = page;
  const wrong = (field: 'current' | 'fresh') => (password.wrong?.field === field ? password.wrong.text : null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'account/password-send' });
  };
  return (
    <section aria-labelledby="password">
      <div className="sect"><h2 id="password">{t('account.password')}</h2></div>
      <form className={`card ${css['form'] ?? ''}`} onSubmit={submit} noValidate>
        {/* So that the browser knows whose password it keeps. */}
        <input hidden readOnly autoComplete="username" value={me.account.name} />
        <div className={css['two']}>
          {me.hasPassword && (
            <Field
              label={t('account.password.current')}
              wrong={wrong('current')}
              type="password"
              value={password.current}
              autoComplete="current-password"
              onType={(current) => dispatch({ type: 'account/password', change: { current } })}
            />
          )}
          <Field
            label={t('account.password.new')}
            hint={t('sign.up.password.hint')}
            wrong={wrong('fresh')}
            type="password"
            value={password.fresh}
            autoComplete="new-password"
            maxLength={256}
            onType={(fresh) => dispatch({ type: 'account/password', change: { fresh } })}
          />
        </div>
        <div className="acts">
          <button type="submit" className="btn plain" disabled={password.busy}>
            {password.busy && <span className="spin" aria-hidden="true" />}{t('account.password.change')}
          </button>
          <p className="hint">{t('account.password.hint')}</p>
        </div>
      </form>
    </section>
  );
}
