import type { FormEvent, ReactElement } from 'react';
import { Copy, KeyRound } from 'lucide-react';
import { passwords } from '../../../core/programs/passwords';
import { own } from '../../../i18n/own';
import { PROGRAMS } from '../../../i18n/programs';
import type { AccountView, MadeAppPassword } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { Field } from '../../kit/Field';
import { Notice } from '../../kit/Notice';
import { Skeleton } from '../../kit/Skeleton';
import { usePart } from '../../kit/use-part';
import { day } from '../dates';
import css from './Programs.module.css';

/** What programs of mine come in with. */
export function AppPasswords({ user }: { readonly user: AccountView }): ReactElement {
  const t = useSpeech();
  const w = own(PROGRAMS, t.tongue);
  const [state, tell] = usePart(passwords);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    tell({ type: 'make' });
  };
  return (
    <section aria-labelledby="app-passwords">
      <div className="sect"><h2 id="app-passwords">{w('passwords')}</h2></div>
      <p className={`small ${css['lead'] ?? ''}`}>{w('passwords.lead')}</p>
      <Notice tone="bad" text={state.trouble} />
      {state.made && <Made made={state.made} user={user} onClose={() => tell({ type: 'close' })} />}
      <div className={`card divide ${css['lines'] ?? ''}`}>
        {state.list === null && state.trouble === null && <Skeleton lines={1} />}
        {state.list?.length === 0 && <p className="item small">{w('passwords.none')}</p>}
        {state.list?.map(({ id, name, createdAt, usedAt }) => (
          <div className="item" key={id}>
            <span className="frame"><KeyRound className="i" aria-hidden="true" /></span>
            <div className="grow">
              <div className="t">{name}</div>
              <div className={`d ${css['wrap'] ?? ''}`}>
                {usedAt === undefined
                  ? w('passwords.unused', { date: day(t.tongue, createdAt) })
                  : w('passwords.used', { date: day(t.tongue, createdAt), used: day(t.tongue, usedAt) })}
              </div>
            </div>
            <button type="button" className="btn danger-quiet low" aria-label={w('passwords.remove', { name })} onClick={() => tell({ type: 'remove', id })}>
              {t('remove')}
            </button>
          </div>
        ))}
        <form className={css['add']} onSubmit={submit} noValidate>
          <Field
            label={w('passwords.name')}
            placeholder={w('passwords.place')}
            wrong={state.wrong}
            value={state.name}
            autoComplete="off"
            maxLength={128}
            onType={(name) => tell({ type: 'name', name })}
          />
          <button type="submit" className="btn plain" disabled={state.busy}>
            {state.busy && <span className="spin" aria-hidden="true" />}{w('passwords.make')}
          </button>
        </form>
      </div>
    </section>
  );
}

/** The new one, this once. */
function Made({ made, user, onClose }: { readonly made: MadeAppPassword; readonly user: AccountView; readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const w = own(PROGRAMS, t.tongue);
  const dispatch = useDispatch();
  const title = w('passwords.fresh', { name: made.appPassword.name });
  const copy = (): void => void navigator.clipboard.writeText(made.password).then(
    () => dispatch({ type: 'copied', done: true }),
    () => dispatch({ type: 'copied', done: false }),
  );
  return (
    <section className={`card ${css['made'] ?? ''}`} aria-label={title}>
      <div className="row">
        <h3 className="grow">{title}</h3>
        <button type="button" className="btn quiet low" onClick={onClose}>{t('close')}</button>
      </div>
      <div className="copy">
        <span data-secret-link className={css['secret']}>{made.password}</span>
        <button type="button" className="btn quiet low" onClick={copy}><Copy className="i s" aria-hidden="true" />{t('copy')}</button>
      </div>
      <p className="hint" role="status">{w('passwords.once', { user: user.name })}</p>
    </section>
  );
}
