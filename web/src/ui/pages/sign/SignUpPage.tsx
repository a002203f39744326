import type { FormEvent, ReactElement } from 'react';
import { say } from '../../../i18n/text';
import type { SignUpPage as SignUp } from '../../../core/pages/sign/page';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Field } from '../../kit/Field';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { formClass, SignBox, waysClass } from './SignBox';

export default function SignUpPage({ page }: { readonly page: SignUp }): ReactElement {
  const t = useSpeech();
  const anybody = useSelect((state) => state.server?.signUp === true);
  const closed = !anybody && page.invitation === 'none';
  return (
    <SignBox title={t('sign.up.title')}>
      <Notice tone="bad" text={page.trouble} />
      {closed && <Notice tone="plain" text={say('sign.up.closed')} />}
      {page.invitation === 'checking' && page.trouble === null && (
        <p className="row small" role="status"><span className="spin" aria-hidden="true" />{t('sign.up.checking')}</p>
      )}
      {!closed && (page.invitation !== 'bad' || anybody) && <Form page={page} />}
      <div className={waysClass}>
        <Link to={{ to: 'sign-in' }} className="btn quiet">{t('sign.up.in')}</Link>
      </div>
    </SignBox>
  );
}

function Form({ page }: { readonly page: SignUp }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const change = (to: Partial<Pick<SignUp, 'name' | 'displayName' | 'password'>>): void => dispatch({ type: 'sign/up', change: to });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'sign/up-send' });
  };
  return (
    <form className={formClass} onSubmit={submit} noValidate>
      <Field label={t('sign.up.name')} wrong={page.wrong.name} value={page.name} autoComplete="username" exact maxLength={254} onType={(name) => change({ name })} />
      <Field
        label={t('sign.up.display')}
        hint={t('sign.up.display.hint')}
        wrong={page.wrong.displayName}
        value={page.displayName}
        autoComplete="name"
        maxLength={128}
        onType={(displayName) => change({ displayName })}
      />
      <Field
        label={t('sign.up.password')}
        hint={t('sign.up.password.hint')}
        wrong={page.wrong.password}
        type="password"
        value={page.password}
        autoComplete="new-password"
        maxLength={256}
        onType={(password) => change({ password })}
      />
      <button type="submit" className="btn primary big wide" disabled={page.busy}>
        {page.busy && <span className="spin" aria-hidden="true" />}{t(page.busy ? 'sign.up.going' : 'sign.up.go')}
      </button>
    </form>
  );
}
