import type { FormEvent, ReactElement } from 'react';
import type { ResetPage as Reset } from '../../../core/pages/sign/page';
import { useDispatch, useSpeech } from '../../context';
import { Field } from '../../kit/Field';
import { formClass, SignBox } from './SignBox';

/** A new password, by the link of an administrator. */
export default function ResetPage({ page }: { readonly page: Reset }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const busy = page.state === 'busy';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'sign/reset-send' });
  };
  return (
    <SignBox title={t('sign.reset.title')}>
      <form className={formClass} onSubmit={submit} noValidate>
        <Field
          label={t('sign.reset.password')}
          hint={t('sign.up.password.hint')}
          wrong={page.wrong}
          type="password"
          value={page.password}
          autoComplete="new-password"
          maxLength={256}
          onType={(password) => dispatch({ type: 'sign/reset', password })}
        />
        <button type="submit" className="btn primary big wide" disabled={busy}>
          {busy && <span className="spin" aria-hidden="true" />}{t(busy ? 'sign.reset.going' : 'sign.reset.go')}
        </button>
      </form>
    </SignBox>
  );
}
