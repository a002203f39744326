import { useState, type FormEvent, type ReactElement } from 'react';
import { CircleAlert, Keyboard, Video } from 'lucide-react';
import type { StartPage } from '../../core/state';
import type { Speech } from '../../i18n/text';
import { useDispatch, useSelect, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Lamp } from '../kit/Brand';
import { cx } from '../kit/cx';
import { Door } from '../kit/Door';
import css from './StartScreen.module.css';

function greeting(t: Speech, name: string, hour: number): string {
  const time = hour < 5 || hour >= 18 ? 'evening' : hour < 12 ? 'morning' : 'afternoon';
  return name.trim() === '' ? t(`start.${time}`) : t(`start.${time}.name`, { name: name.trim() });
}

export function StartScreen({ page }: { readonly page: StartPage }): ReactElement {
  const t = useSpeech();
  const name = useSelect((state) => state.settings.name);
  const dispatch = useDispatch();
  const [hour] = useState(() => new Date().getHours());
  return (
    <Door className={css['start']}>
      <div className={css['hall']}>
        <div className={css['words']}>
          <h1 className="display" {...LANDING}>{greeting(t, name, hour)}</h1>
          <p className={css['lead']}>{t('start.lead')}</p>
          {page.trouble && (
            <div className="notice bad" role="alert"><CircleAlert className="i" aria-hidden="true" /><span>{t.text(page.trouble)}</span></div>
          )}
          <div className={css['starts']}>
            <button type="button" className="btn primary big" disabled={page.busy !== 'no'} onClick={() => dispatch({ type: 'start/new' })}>
              {page.busy === 'making' ? <span className="spin" aria-hidden="true" /> : <Video className="i" aria-hidden="true" />}
              {t(page.busy === 'making' ? 'start.making' : 'start.new')}
            </button>
            <CodeField page={page} />
          </div>
        </div>
        <Lamp className={css['lamp']} />
      </div>
    </Door>
  );
}

function CodeField({ page }: { readonly page: StartPage }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const [text, setText] = useState('');
  const wrong = page.codeWrong;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'start/join', text });
  };
  return (
    <form className={cx('field', wrong && 'err', css['code'])} onSubmit={submit} noValidate>
      <span className="inwrap">
        <Keyboard className="i" aria-hidden="true" />
        <input
          className="input"
          type="text"
          inputMode="url"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          placeholder={t('start.code.place')}
          aria-label={t('start.code')}
          aria-invalid={wrong !== null}
          aria-describedby={wrong ? 'code-wrong' : undefined}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            dispatch({ type: 'start/typed' });
          }}
        />
        <span className="end">
          <button type="submit" className="btn quiet low" disabled={page.busy !== 'no'}>
            {page.busy === 'checking' && <span className="spin" aria-hidden="true" />}
            {t('start.join')}
          </button>
        </span>
      </span>
      {wrong && (
        <p className="msg" id="code-wrong" role="alert"><CircleAlert className="i" aria-hidden="true" />{t.text(wrong)}</p>
      )}
    </form>
  );
}
