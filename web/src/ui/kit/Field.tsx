import { useId, useState, type ReactElement } from 'react';
import { CircleAlert, Eye, EyeOff } from 'lucide-react';
import type { Text } from '../../i18n/text';
import { useSpeech } from '../context';
import { cx } from './cx';
import css from './Field.module.css';

interface FieldProps {
  readonly label: string;
  /** The label is for those who do not see the heading above. */
  readonly hideLabel?: boolean | undefined;
  readonly hint?: string | undefined;
  readonly wrong?: Text | null | undefined;
  readonly value: string;
  readonly onType: (value: string) => void;
  readonly autoComplete: string;
  readonly type?: 'text' | 'email' | 'number' | 'password' | undefined;
  readonly placeholder?: string | undefined;
  readonly maxLength?: number | undefined;
  readonly className?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** A name to sign in with, a code: nothing is corrected in it. */
  readonly exact?: boolean | undefined;
}

/** One line to type in, with its label above and what is wrong below. */
export function Field(props: FieldProps): ReactElement {
  const t = useSpeech();
  const id = useId();
  const [shown, setShown] = useState(false);
  const { label, hint, wrong, type = 'text' } = props;
  const under = wrong ? `${id}-wrong` : hint === undefined ? undefined : `${id}-hint`;
  const secret = type === 'password';
  const input = (
    <input
      id={id}
      className={cx('input', secret && css['secret'])}
      type={secret && shown ? 'text' : type}
      inputMode={type === 'number' ? 'numeric' : undefined}
      autoComplete={props.autoComplete}
      autoCapitalize={props.exact === true || secret ? 'none' : undefined}
      spellCheck={props.exact === true || secret ? false : undefined}
      placeholder={props.placeholder}
      maxLength={props.maxLength}
      disabled={props.disabled}
      value={props.value}
      aria-invalid={wrong ? true : undefined}
      aria-describedby={under}
      onChange={(event) => props.onType(event.target.value)}
    />
  );
  return (
    <div className={cx('field', wrong && 'err', props.className)}>
      <label htmlFor={id} className={props.hideLabel === true ? 'sr' : undefined}>{label}</label>
      {secret ? (
        <span className="inwrap">
          {input}
          <span className="end">
            <button
              type="button"
              className={cx('btn icon', css['eye'])}
              aria-label={t(shown ? 'frame.password.hide' : 'frame.password.show', { label })}
              title={t(shown ? 'frame.password.hide' : 'frame.password.show', { label })}
              onClick={() => setShown(!shown)}
            >
              {shown ? <EyeOff className="i" aria-hidden="true" /> : <Eye className="i" aria-hidden="true" />}
            </button>
          </span>
        </span>
      ) : input}
      {wrong && <p className="msg" id={`${id}-wrong`} role="alert"><CircleAlert className="i" aria-hidden="true" />{t.text(wrong)}</p>}
      {!wrong && hint !== undefined && <p className="msg" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}
