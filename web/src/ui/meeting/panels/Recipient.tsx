import type { ReactElement } from 'react';
import { ChevronDown } from 'lucide-react';
import { useDispatch, useSpeech } from '../../context';
import { Menu, MenuChoice } from '../../kit/Menu';
import { toField } from './field';
import { useChat } from './view';
import css from './Chat.module.css';

/** To everyone, or to one person alone. */
export function Recipient(): ReactElement {
  const t = useSpeech();
  const to = useChat(({ chat }) => chat.to);
  const name = useChat(({ nameOf }) => (to === null ? null : nameOf(to)));
  const chosen = to === null ? t('chat.to.all') : (name ?? t('chat.somebody'));
  return (
    <div className={css['to']}>
      <span aria-hidden="true">{t('chat.to')}</span>
      <Menu
        label={`${t('chat.to')}: ${chosen}`}
        className={`btn quiet low ${css['who'] ?? ''}`}
        side="up"
        align="start"
        float
        face={<>{chosen}<ChevronDown className="i s" aria-hidden="true" /></>}
      >
        <Choices to={to} />
      </Menu>
    </div>
  );
}

function Choices({ to }: { readonly to: string | null }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const me = useChat((view) => view.me);
  const people = useChat((view) => view.people);
  const pick = (person: string | null) => (): void => {
    dispatch({ type: 'chat/to', person });
    toField();
  };
  return (
    <>
      <MenuChoice ticked={to === null} onPick={pick(null)}>{t('chat.to.all')}</MenuChoice>
      {people?.filter(({ person }) => person !== me).map(({ person, name }) => (
        <MenuChoice key={person} ticked={to === person} onPick={pick(person)}>{name}</MenuChoice>
      ))}
    </>
  );
}
