import { useRef, type ClipboardEvent, type KeyboardEvent, type ReactElement, type RefObject } from 'react';
import { ArrowUp, Check, Paperclip } from 'lucide-react';
import { useDispatch, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { EmojiMenu } from './EmojiMenu';
import { FIRST } from './Panel';
import { useMentions, type Mentions } from './Mentions';
import { Recipient } from './Recipient';
import { Uploads } from './Uploads';
import { Over } from './Over';
import { useChat, useChatNow } from './view';
import css from './Chat.module.css';

/** Where lines are written. Enter sends, Shift and Enter begin a new line. */
export function Composer({ onFiles, recipients = false }: {
  readonly onFiles: (files: readonly File[]) => void;
  /** Whether one can be spoken to alone. */
  readonly recipients?: boolean | undefined;
}): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const picker = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const mentions = useMentions(field, useChat(({ chat }) => chat.text));
  const edits = useChat(({ chat }) => chat.edits !== null);
  const trouble = useChat(({ chat }) => chat.trouble);
  return (
    <form
      className={css['form']}
      onSubmit={(event) => {
        event.preventDefault();
        dispatch({ type: 'chat/send' });
      }}
    >
      {recipients && <Recipient />}
      <Over />
      <Uploads />
      {mentions.list}
      <div className={cx('compose', css['compose'])}>
        {!edits && (
          <button type="button" className="btn icon" aria-label={t('chat.attach')} title={t('chat.attach')} onClick={() => picker.current?.click()}>
            <Paperclip className="i" aria-hidden="true" />
          </button>
        )}
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t('chat.attach')}
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])]);
            event.target.value = ''; // else the same file could not be picked twice
          }}
        />
        <Field onFiles={onFiles} field={field} mentions={mentions} />
        <EmojiMenu />
        <button type="submit" className={cx('btn', 'primary', css['send'])} aria-label={t(edits ? 'chat.save' : 'chat.send')} title={t(edits ? 'chat.save' : 'chat.send')}>
          {edits ? <Check className="i" aria-hidden="true" /> : <ArrowUp className="i" aria-hidden="true" />}
        </button>
      </div>
      {trouble && <p className={css['problem']} role="alert">{t.text(trouble)}</p>}
    </form>
  );
}

function Field({ onFiles, field, mentions }: {
  readonly onFiles: (files: readonly File[]) => void;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly mentions: Mentions;
}): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const text = useChat(({ chat }) => chat.text);
  const to = useChat(({ chat, nameOf }) => (chat.to === null ? null : (nameOf(chat.to) ?? '')));
  const called = useChat((view) => view.field);
  const label = called !== null ? t.text(called) : to === null ? t('chat.write.all') : t('chat.write.alone', { name: to === '' ? t('chat.somebody') : to });
  const keys = useFieldKeys();
  const paste = (event: ClipboardEvent): void => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  };
  return (
    <textarea
      ref={field}
      className={css['field']}
      aria-label={label}
      placeholder={label}
      title={t('chat.hint')}
      rows={Math.min(6, text.split('\n').length)}
      dir="auto"
      data-chat-field
      value={text}
      onChange={(event) => dispatch({ type: 'chat/typed', text: event.target.value })}
      onSelect={mentions.look}
      {...mentions.aria}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || !mentions.key(event)) keys(event);
      }}
      onPaste={paste}
      {...FIRST}
    />
  );
}

function useFieldKeys(): (event: KeyboardEvent<HTMLTextAreaElement>) => void {
  const dispatch = useDispatch();
  const now = useChatNow();
  return (event) => {
    if (event.nativeEvent.isComposing) return;
    const { chat, me } = now();
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      dispatch({ type: 'chat/send' });
    } else if (event.key === 'Escape' && (chat.edits !== null || chat.replyTo !== null)) {
      // First what was begun, then the panel.
      event.preventDefault();
      dispatch(chat.edits !== null ? { type: 'chat/edit', id: null } : { type: 'chat/reply', id: null });
    } else if (event.key === 'ArrowUp' && chat.text === '') {
      const last = chat.lines.findLast((line) => line.from === me && line.text !== '');
      if (!last) return;
      event.preventDefault();
      dispatch({ type: 'chat/edit', id: last.id });
    }
  };
}
