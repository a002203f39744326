import '../../../i18n/administering';
import type { FormEvent, ReactElement } from 'react';
import type { SetupPage as Setup } from '../../../core/pages/setup/page';
import type { Create } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { Choices } from '../../kit/Choices';
import { Field } from '../../kit/Field';
import { Notice } from '../../kit/Notice';
import { creators } from '../creators';
import { SetupDone } from './SetupDone';
import css from './SetupPage.module.css';
import { SetupRoom } from './SetupRoom';

/** Setting the server up: the code, four questions, and what is known then. */
export default function SetupPage({ page }: { readonly page: Setup }): ReactElement {
  const { step } = page;
  switch (step.is) {
    case 'code': return <CodeStep step={step} />;
    case 'questions': return <Questions step={step} />;
    case 'done': return <SetupDone run={step.run} />;
  }
}

function CodeStep({ step }: { readonly step: Extract<Setup['step'], { is: 'code' }> }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'setup/check' });
  };
  return (
    <SetupRoom title={t('setup.title')} intro={<p>{t('setup.code.lead')}</p>}>
      <form className={`card ${css['q'] ?? ''}`} onSubmit={submit} noValidate>
        <Field
          label={t('setup.code')}
          hint={t('setup.code.hint')}
          wrong={step.wrong}
          value={step.code}
          autoComplete="one-time-code"
          exact
          disabled={step.busy}
          onType={(code) => dispatch({ type: 'setup/code', code })}
        />
        <div className="acts">
          <button type="submit" className="btn primary big" disabled={step.busy}>
            {step.busy && <span className="spin" aria-hidden="true" />}{t(step.busy ? 'setup.checking' : 'setup.code.go')}
          </button>
        </div>
      </form>
    </SetupRoom>
  );
}

function Questions({ step }: { readonly step: Extract<Setup['step'], { is: 'questions' }> }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { answers, wrong, busy } = step;
  const change = (to: Partial<typeof answers>): void => dispatch({ type: 'setup/answer', change: to });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'setup/finish' });
  };
  return (
    <SetupRoom title={t('setup.title')} intro={<><p>{t('setup.lead')}</p><p className="small">{t('setup.accepted')}</p></>}>
      <form className="card" onSubmit={submit} noValidate>
        <section className={css['q']}>
          <h2>{t('setup.name')}</h2>
          <Field
            label={t('setup.name.label')}
            hideLabel
            hint={t('setup.name.hint')}
            wrong={wrong.serverName}
            value={answers.serverName}
            autoComplete="organization"
            maxLength={128}
            onType={(serverName) => change({ serverName })}
          />
        </section>
        <section className={css['q']}>
          <h2>{t('setup.who')}</h2>
          <div className={css['two']}>
            <Field label={t('setup.who.name')} wrong={wrong.name} value={answers.name} autoComplete="username" exact maxLength={64} onType={(name) => change({ name })} />
            <Field
              label={t('sign.up.password')}
              hint={t('sign.up.password.hint')}
              wrong={wrong.password}
              type="password"
              value={answers.password}
              autoComplete="new-password"
              maxLength={256}
              onType={(password) => change({ password })}
            />
          </div>
          <p className="hint">{t('setup.who.hint')}</p>
        </section>
        <section className={css['q']}>
          <h2>{t('setup.create')}</h2>
          <Choices<Create> label={t('setup.create')} choices={creators(t)} value={answers.create} onPick={(create) => change({ create })} />
        </section>
        <section className={css['q']}>
          <h2>{t('setup.sign-up')}</h2>
          <Choices<'invited' | 'anyone'>
            label={t('setup.sign-up')}
            choices={[
              { value: 'invited', title: t('setup.sign-up.invited'), text: t('setup.sign-up.invited.text') },
              { value: 'anyone', title: t('setup.sign-up.anyone'), text: t('setup.sign-up.anyone.text') },
            ]}
            value={answers.signUp ? 'anyone' : 'invited'}
            onPick={(who) => change({ signUp: who === 'anyone' })}
          />
        </section>
        {step.trouble && <section className={css['q']}><Notice tone="bad" text={step.trouble} /></section>}
        <section className={`${css['q'] ?? ''} ${css['fin'] ?? ''}`}>
          <button type="submit" className="btn primary big" disabled={busy}>
            {busy && <span className="spin" aria-hidden="true" />}{t(busy ? 'setup.finishing' : 'setup.finish')}
          </button>
        </section>
      </form>
    </SetupRoom>
  );
}
