import type { ReactElement } from 'react';
import { X } from 'lucide-react';
import { lineOf } from '../../../core/meeting/chat';
import { spoken } from '../../../core/meeting/chat-lines';
import { useDispatch, useSpeech } from '../../context';
import { toField } from './field';
import { useChat } from './view';
import css from './Chat.module.css';

/** Over the field: what is being answered, or changed. */
export function Over(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const answered = useChat(({ chat }) => lineOf(chat, chat.replyTo));
  const edits = useChat(({ chat }) => chat.edits !== null);
  if (!answered && !edits) return null;
  const stop = t(edits ? 'chat.edit.stop' : 'chat.reply.stop');
  return (
    <div className={css['over']}>
      <span className="grow ellipsis">
        {answered ? t('chat.said', { name: t('chat.replying', { name: answered.name }), text: spoken(answered) }) : t('chat.editing')}
      </span>
      <button
        type="button"
        className="btn icon low"
        aria-label={stop}
        title={stop}
        onClick={() => {
          dispatch(edits ? { type: 'chat/edit', id: null } : { type: 'chat/reply', id: null });
          toField();
        }}
      >
        <X className="i s" aria-hidden="true" />
      </button>
    </div>
  );
}
