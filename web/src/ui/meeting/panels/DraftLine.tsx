import type { ReactElement } from 'react';
import type { Draft } from '../../../core/meeting/chat';
import { useDispatch, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { Face } from './Face';
import { Markdown } from './Markdown';
import { useChat } from './view';
import css from './Chat.module.css';

/** A line of mine on its way, or one that did not get there. */
export function DraftLine({ draft, names }: { readonly draft: Draft; readonly names: readonly string[] }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const me = useChat((view) => view.me);
  const name = useChat(({ nameOf }) => nameOf(me) ?? '');
  const failed = draft.state === 'failed';
  return (
    <li className={cx('m', css['line'], css['draft'], failed && css['failed'])}>
      <Face identity={me} name={name} />
      <div className="h">{t('meeting.you', { name })}{!failed && <span className={css['edited']}>{t('chat.sending')}</span>}</div>
      {draft.text !== '' && <div className={css['words']}><Markdown source={draft.text} names={names} /></div>}
      {draft.file && <div className={css['words']}>{draft.file.name}</div>}
      {failed && (
        <div className={css['ask']}>
          <span className={css['problem']}>{t('chat.failed')} {draft.problem && t.text(draft.problem)}</span>
          <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'chat/again', draft: draft.id })}>{t('chat.again')}</button>
          <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'chat/drop', draft: draft.id })}>{t('chat.drop')}</button>
        </div>
      )}
    </li>
  );
}
