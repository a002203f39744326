import { useState, type ReactElement } from 'react';
import { Phone, Video } from 'lucide-react';
import { presenceOf } from '../../core/calling/calling';
import { CALLED_AT_ONCE, toggled } from '../../core/calling/several';
import { askable, type Named } from '../../core/pages/contacts/page';
import { own } from '../../i18n/own';
import { SEVERAL } from '../../i18n/several';
import type { Contact } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { PeopleDialog } from '../kit/PeopleDialog';
import { PresenceMark } from '../kit/PresenceMark';
import css from './Several.module.css';

/** Whom to call together: chosen by boxes, and called by one press. */
export default function SeveralDialog({ people, onClose }: { readonly people: readonly Contact[] | null; readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const w = own(SEVERAL, t.tongue);
  const dispatch = useDispatch();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const present = useSelect(({ calling }) => calling.people);
  const placing = useSelect(({ calling }) => calling.placing !== null);
  const book = useSelect(({ calling }) => calling.book) ?? [];
  const full = chosen.length >= CALLED_AT_ONCE;
  const place = (video: boolean): void => {
    onClose();
    dispatch({ type: 'calling/place', people: chosen, video });
  };
  // What was chosen stays so, whatever is looked for next.
  const names = askable(people ?? [], book, '', null, t.tongue).filter(({ account }) => chosen.includes(account)).map(({ name }) => name);
  return (
    <PeopleDialog
      title={w('title')}
      list={css['people']}
      people={people}
      // The server may ring a browser that is closed: they stand last, and can be chosen.
      last={(account) => (present[account]?.presence ?? 'offline') === 'offline'}
      onClose={onClose}
      foot={(
        <>
          <p className="small" role="status">{chosen.length === 0 ? w('hint') : w('chosen', { names: t.list(names) })}{full && ` ${w('most')}`}</p>
          <div className="acts">
            <button type="button" className="btn plain" disabled={placing || chosen.length === 0} onClick={() => place(true)}>
              <Video className="i s" aria-hidden="true" />{w('video')}
            </button>
            <button type="button" className="btn primary" disabled={placing || chosen.length === 0} onClick={() => place(false)}>
              <Phone className="i s" aria-hidden="true" />{w('voice')}
            </button>
          </div>
        </>
      )}
    >
      {(contact) => (
        <One
          key={contact.account}
          contact={contact}
          chosen={chosen.includes(contact.account)}
          full={full}
          onPick={() => setChosen(toggled(chosen, contact.account))}
        />
      )}
    </PeopleDialog>
  );
}

function One({ contact: { account, name, avatar }, chosen, full, onPick }: {
  readonly contact: Named;
  readonly chosen: boolean;
  readonly full: boolean;
  readonly onPick: () => void;
}): ReactElement {
  const t = useSpeech();
  const presence = useSelect((state) => presenceOf(state, account));
  return (
    <li>
      <label>
        <input type="checkbox" checked={chosen} disabled={full && !chosen} onChange={onPick} />
        <Cameo name={name} avatar={avatar} size="sm" />
        <span className="grow">
          <span className="t">{name}</span>
          <span className="d"><span className="presence"><PresenceMark presence={presence} />{t(`presence.${presence}`)}</span></span>
        </span>
      </label>
    </li>
  );
}
