import { useEffect, type ReactElement } from 'react';
import { ChevronDown } from 'lucide-react';
import { presenceOf } from '../../../core/calling/calling';
import { CHOICES, chosenWords } from '../../../core/calling/presence';
import { reachable, salon, unlisted, type Salon as State } from '../../../core/pages/home/salon';
import { own } from '../../../i18n/own';
import { SALON, type SalonWord } from '../../../i18n/salon';
import { say } from '../../../i18n/text';
import type { Chosen, Me } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Cameo } from '../../kit/Cameo';
import { cx } from '../../kit/cx';
import { Menu, MenuChoice, MenuGroup } from '../../kit/Menu';
import { PresenceMark } from '../../kit/PresenceMark';
import { usePart } from '../../kit/use-part';
import css from './HomePage.module.css';

const FACES = 4;

/** What that means for others, who may not see it, or ring all the same. */
function textOf({ seenBy, favourites }: State, chosen: Chosen): SalonWord {
  if (chosen === 'doNotDisturb') return favourites ? 'salon.doNotDisturb.favourites' : 'salon.doNotDisturb.text';
  return seenBy === 'everyone' ? `salon.${chosen}.text` : `salon.${seenBy}.text`;
}

/** How I am to be found, for others to invite me, and who else is reachable. */
export function Salon({ me }: { readonly me: Me }): ReactElement | null {
  const t = useSpeech();
  const w = own(SALON, t.tongue);
  const dispatch = useDispatch();
  const said = useSelect(({ calling }) => calling.said);
  const people = useSelect(({ calling }) => calling.people);
  const presence = useSelect((state) => presenceOf(state, me.account.id));
  const [state, tell] = usePart(salon);
  const mine = me.account.id;
  const strangers = unlisted(state, people).replace(mine, '').trim();
  useEffect(() => {
    if (strangers !== '') tell({ type: 'again' });
  }, [strangers, tell]);
  // What is said of me is known as soon as the server said it.
  if (said === null) return null;
  const others = reachable(state, people, mine);
  const word = t.text(presence === 'offline' ? chosenWords(said.chosen) : say(`presence.${presence}`));
  return (
    <section aria-labelledby="salon" className={cx('card', css['salon'])}>
      <div>
        <h2 id="salon">{w(`salon.${said.chosen}`)}</h2>
        <p className="small">{w(textOf(state, said.chosen))}</p>
      </div>
      <Menu
        label={w('salon.choose', { presence: word })}
        className="select"
        side="down"
        align="start"
        face={<><PresenceMark presence={presence} /><span>{word}</span><ChevronDown className="i" aria-hidden="true" /></>}
      >
        <MenuGroup name={t('presence.title')}>
          {CHOICES.map((chosen) => (
            <MenuChoice key={chosen} ticked={said.chosen === chosen} onPick={() => dispatch({ type: 'presence/choose', chosen })}>
              <span className={css['choice']}><PresenceMark presence={chosen === 'automatic' ? 'available' : chosen} />{t.text(chosenWords(chosen))}</span>
            </MenuChoice>
          ))}
        </MenuGroup>
      </Menu>
      {state.directory !== null && (
        <div className="row">
          <span className="small">{w(others.length === 0 ? 'salon.nobody' : 'salon.others')}</span>
          {others.length > 0 && (
            <span className={cx('faces', 'push')} role="img" aria-label={t.list(others.map(({ name }) => name))}>
              {others.slice(0, FACES).map(({ account, name, avatar }) => <Cameo key={account} name={name} avatar={avatar} />)}
              {others.length > FACES && <span className="more">+{others.length - FACES}</span>}
            </span>
          )}
        </div>
      )}
    </section>
  );
}
