import type { FormEvent, ReactElement } from 'react';
import { Fingerprint } from 'lucide-react';
import type { SignInPage as SignIn } from '../../../core/pages/sign/page';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Field } from '../../kit/Field';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { formClass, Or, SignBox, waysClass } from './SignBox';

export default function SignInPage({ page }: { readonly page: SignIn }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const passkeys = useSelect((state) => state.browser.passkeys);
  const signUp = useSelect((state) => state.server?.signUp === true);
  const busy = page.busy !== 'no';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'sign/in-send' });
  };
  return (
    <SignBox title={t('sign.in.title')}>
      <Notice tone="ok" text={page.notice} />
      <Notice tone="bad" text={page.trouble} />
      <form className={formClass} onSubmit={submit} noValidate>
        <Field label={t('sign.in.name')} value={page.name} autoComplete="username" exact onType={(name) => dispatch({ type: 'sign/in', change: { name } })} />
        <Field
          label={t('sign.in.password')}
          type="password"
          value={page.password}
          autoComplete="current-password"
          onType={(password) => dispatch({ type: 'sign/in', change: { password } })}
        />
        <button type="submit" className="btn primary big wide" disabled={busy}>
          {page.busy === 'password' && <span className="spin" aria-hidden="true" />}
          {t(page.busy === 'password' ? 'sign.in.going' : 'sign.in.go')}
        </button>
      </form>
      {passkeys && (
        <>
          <Or word={t('or')} />
          <button type="button" className="btn plain wide" disabled={busy} onClick={() => dispatch({ type: 'sign/in-passkey' })}>
            <Fingerprint className="i" aria-hidden="true" />{t('sign.in.passkey')}
          </button>
        </>
      )}
      <p className="hint">{t('sign.in.forgot')}</p>
      <div className={waysClass}>
        {signUp && <Link to={{ to: 'sign-up', secret: '' }} className="btn quiet">{t('sign.in.up')}</Link>}
        <Link to={{ to: 'start' }} className="btn quiet">{t('sign.in.join')}</Link>
      </div>
    </SignBox>
  );
}
