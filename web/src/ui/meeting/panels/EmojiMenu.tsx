import type { ReactElement } from 'react';
import { Smile } from 'lucide-react';
import { useDispatch, useSpeech } from '../../context';
import { Menu, MenuItem } from '../../kit/Menu';
import { toField } from './field';
import { useChatNow } from './view';
import css from './Chat.module.css';

const EMOJI: readonly string[] = [
  '😀', '😂', '🙂', '😉', '😊', '😍', '😘', '😎',
  '🤔', '😐', '🙄', '😮', '😢', '😭', '😡', '😴',
  '👍', '👎', '👏', '🙌', '🙏', '👋', '✌️', '💪',
  '❤️', '🎉', '🔥', '⭐', '✅', '❌', '❓', '❗',
  '☕', '🍰', '🌞', '🌧️', '🚀', '💡', '📌', '📅',
];

/** Emoji for those whose keyboard has none. They go in at the place of the cursor. */
export function EmojiMenu(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const now = useChatNow();
  const put = (emoji: string) => (): void => {
    const { text } = now().chat;
    const field = document.querySelector<HTMLTextAreaElement>('[data-chat-field]');
    const [from, to] = [field?.selectionStart ?? text.length, field?.selectionEnd ?? text.length];
    dispatch({ type: 'chat/typed', text: `${text.slice(0, from)}${emoji}${text.slice(to)}` });
    toField();
  };
  return (
    <Menu label={t('chat.emoji')} className="btn icon" side="up" align="end" float face={<Smile className="i" aria-hidden="true" />}>
      <div className={css['emojis']} role="group" aria-label={t('chat.emoji')}>
        {EMOJI.map((emoji) => <MenuItem key={emoji} className={css['emoji']} onPick={put(emoji)}>{emoji}</MenuItem>)}
      </div>
    </Menu>
  );
}
