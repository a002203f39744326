import { useState, type FormEvent, type ReactElement } from 'react';
import { CircleAlert, Keyboard } from 'lucide-react';
import type { Starting } from '../../core/state';
import { useDispatch, useSpeech } from '../context';
import { cx } from '../kit/cx';
import css from './CodeField.module.css';

/** Where a code or a link is typed or pasted, to join. */
export function CodeField({ page }: { readonly page: Starting }): ReactElement {
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
