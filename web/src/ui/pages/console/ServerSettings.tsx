import { useId, type FormEvent, type ReactElement } from 'react';
import { ImageUp } from 'lucide-react';
import { ownGreen, parse } from '../../../core/brand';
import { PICTURE_KINDS } from '../../../core/pages/picture';
import type { ConsolePage as Page, SettingsForm } from '../../../core/pages/console/page';
import type { Create } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Choices } from '../../kit/Choices';
import { Field } from '../../kit/Field';
import { FilePick } from '../../kit/FilePick';
import { Notice } from '../../kit/Notice';
import { creators } from '../creators';
import css from './ConsolePage.module.css';

type Change = (to: Partial<SettingsForm>) => void;

/** What the server is called, who may do what on it, and how it looks. */
export function ServerSettings({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { form, formWrong } = page;
  const change: Change = (to) => dispatch({ type: 'console/form', change: to });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'console/save' });
  };
  return (
    <>
      <form className={`card ${css['form'] ?? ''}`} onSubmit={submit} noValidate>
        <Field
          label={t('setup.name.label')}
          hint={t('setup.name.hint')}
          wrong={formWrong?.field === 'name' ? formWrong.text : null}
          value={form.name}
          autoComplete="organization"
          maxLength={128}
          onType={(name) => change({ name })}
        />
        <div className={css['group']}>
          <span className="label">{t('setup.create')}</span>
          <Choices<Create> label={t('setup.create')} choices={creators(t)} value={form.create} onPick={(create) => change({ create })} />
        </div>
        <div className={css['group']}>
          <span className="label">{t('setup.sign-up')}</span>
          <Choices<'invited' | 'anyone'>
            label={t('setup.sign-up')}
            choices={[
              { value: 'invited', title: t('setup.sign-up.invited'), text: t('setup.sign-up.invited.text') },
              { value: 'anyone', title: t('setup.sign-up.anyone'), text: t('setup.sign-up.anyone.text') },
            ]}
            value={form.signUp ? 'anyone' : 'invited'}
            onPick={(who) => change({ signUp: who === 'anyone' })}
          />
        </div>
        <Colour page={page} change={change} />
        {formWrong?.field === null && <Notice tone="bad" text={formWrong.text} />}
        <div className="acts">
          <button type="submit" className="btn primary" disabled={page.formBusy}>
            {page.formBusy && <span className="spin" aria-hidden="true" />}{t('save')}
          </button>
        </div>
      </form>
      <Logo page={page} />
    </>
  );
}

function Colour({ page, change }: { readonly page: Page; readonly change: Change }): ReactElement {
  const t = useSpeech();
  const id = useId();
  const { form, formWrong } = page;
  return (
    <div className={css['group']}>
      <div className={css['colour']}>
        <Field
          label={t('console.accent')}
          wrong={formWrong?.field === 'accent' ? formWrong.text : null}
          value={form.accent}
          autoComplete="off"
          exact
          maxLength={7}
          className={css['field']}
          onType={(accent) => change({ accent })}
        />
        <label className="sr" htmlFor={id}>{t('console.accent.pick')}</label>
        <input
          id={id}
          type="color"
          className={css['swatch']}
          title={t('console.accent.pick')}
          value={parse(form.accent) ? form.accent : ownGreen}
          onChange={(event) => change({ accent: event.target.value })}
        />
        {form.accent !== '' && (
          <button type="button" className="btn quiet" onClick={() => change({ accent: '' })}>{t('console.accent.own')}</button>
        )}
      </div>
      <p className="hint">{t('console.accent.hint')}</p>
    </div>
  );
}

function Logo({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const logo = useSelect((state) => state.server?.branding.logo ?? null);
  return (
    <section aria-labelledby="logo">
      <div className="sect"><h2 id="logo">{t('console.logo')}</h2></div>
      <div className={`card ${css['form'] ?? ''}`}>
        {logo !== null && <img className={css['logo']} src={logo} alt="" />}
        <div className="row wrap">
          <FilePick
            label={t('console.logo.choose')}
            accept={PICTURE_KINDS.join(',')}
            icon={ImageUp}
            disabled={page.logoBusy}
            onPick={(picture) => dispatch({ type: 'console/logo', picture })}
          />
          {logo !== null && (
            <button type="button" className="btn danger-quiet" disabled={page.logoBusy} onClick={() => dispatch({ type: 'console/logo-remove' })}>
              {t('remove')}
            </button>
          )}
        </div>
        <p className="hint">{t('console.logo.hint')}</p>
        <Notice tone="bad" text={page.logoWrong} />
      </div>
    </section>
  );
}
