import type { ReactElement } from 'react';
import { NotebookPen } from 'lucide-react';
import { CHOICES, chosenWords } from '../../core/calling/presence';
import { useDispatch, useSelect, useSpeech } from '../context';
import { MenuChoice, MenuGroup, MenuItem } from '../kit/Menu';
import { PresenceMark } from '../kit/PresenceMark';
import css from './Frame.module.css';

/** What I say of myself, in the menu of the account. */
export function PresenceChoices(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const said = useSelect(({ calling }) => calling.said);
  if (said === null) return null;
  return (
    <>
      <MenuGroup name={t('presence.title')}>
        {CHOICES.map((chosen) => (
          <MenuChoice key={chosen} ticked={said.chosen === chosen} onPick={() => dispatch({ type: 'presence/choose', chosen })}>
            <span className={css['choice']}><PresenceMark presence={chosen === 'automatic' ? 'available' : chosen} />{t.text(chosenWords(chosen))}</span>
          </MenuChoice>
        ))}
        <MenuItem icon={NotebookPen} onPick={() => dispatch({ type: 'overlay', show: 'note' })}>
          <span className="ellipsis">{said.note === '' ? t('presence.note.write') : said.note}</span>
        </MenuItem>
      </MenuGroup>
      <hr />
    </>
  );
}
