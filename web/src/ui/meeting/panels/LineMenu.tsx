import type { ReactElement } from 'react';
import { Copy, EllipsisVertical, Pencil, Reply, Trash2 } from 'lucide-react';
import type { Message } from '../../../proto/api.gen';
import { useDispatch, useSpeech } from '../../context';
import { Menu, MenuItem } from '../../kit/Menu';
import { EmojiRow } from '../Reactions';
import { toField } from './field';
import { useChat } from './view';
import css from './Chat.module.css';

/** What can be done with a line. */
export function LineMenu({ line, mine, onDelete }: {
  readonly line: Message;
  readonly mine: boolean;
  readonly onDelete: () => void;
}): ReactElement {
  const t = useSpeech();
  return (
    <span className={css['tools']}>
      <Menu
        label={t('chat.line.more', { name: line.name })}
        className={`btn icon ${css['more'] ?? ''}`}
        side="down"
        align="end"
        float
        face={<EllipsisVertical className="i s" aria-hidden="true" />}
      >
        <Items line={line} mine={mine} onDelete={onDelete} />
      </Menu>
    </span>
  );
}

function Items({ line, mine, onDelete }: { readonly line: Message; readonly mine: boolean; readonly onDelete: () => void }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const writes = useChat((view) => view.writes);
  const lead = useChat((view) => view.leads);
  const write = (type: 'chat/reply' | 'chat/edit') => (): void => {
    dispatch({ type, id: line.id });
    toField();
  };
  return (
    <>
      {writes && (
        <>
          <EmojiRow
            name={t('chat.react.more', { name: line.name })}
            label={(emoji) => t('react.with', { emoji })}
            onPick={(emoji) => dispatch({ type: 'chat/react', id: line.id, emoji })}
          />
          <hr />
          <MenuItem icon={Reply} onPick={write('chat/reply')}>{t('chat.reply')}</MenuItem>
          {mine && <MenuItem icon={Pencil} onPick={write('chat/edit')}>{t('chat.edit')}</MenuItem>}
        </>
      )}
      {line.text !== '' && (
        <MenuItem icon={Copy} onPick={() => void navigator.clipboard.writeText(line.text).then(
          () => dispatch({ type: 'copied', done: true }),
          () => dispatch({ type: 'copied', done: false }),
        )}
        >
          {t('chat.copy-text')}
        </MenuItem>
      )}
      {(mine || lead) && <MenuItem icon={Trash2} className="red" onPick={onDelete}>{t('chat.delete')}</MenuItem>}
    </>
  );
}
