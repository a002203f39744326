import { useRef, useState, type ReactElement } from 'react';
import { Link2, UserPlus, Users } from 'lucide-react';
import { candidates, inviting, isUntold, mayAsk, reachableNow, type Candidate } from '../../core/meeting/inviting';
import type { State } from '../../core/state';
import { INVITING } from '../../i18n/inviting';
import { own } from '../../i18n/own';
import type { MeetingState } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { Dialog } from '../kit/Dialog';
import { Notice } from '../kit/Notice';
import { PresenceMark } from '../kit/PresenceMark';
import { SearchField } from '../kit/SearchField';
import { Skeleton } from '../kit/Skeleton';
import { usePart } from '../kit/use-part';
import css from './InviteDialog.module.css';

const liveOf = ({ page }: State): MeetingState | null => (page.at === 'room' && page.phase.is === 'meeting' ? page.phase.live : null);

/** Who is reachable, to be asked into this meeting one by one or all at once, and what they said. */
export default function InviteDialog({ onClose }: { readonly onClose: () => void }): ReactElement | null {
  const t = useSpeech();
  const w = own(INVITING, t.tongue);
  const dispatch = useDispatch();
  const [search, setSearch] = useState('');
  const [{ directory, trouble, sending }, tell] = usePart(inviting);
  const live = useSelect(liveOf);
  const code = useSelect(({ page }) => (page.at === 'room' ? page.code : ''));
  const people = useSelect(({ calling }) => calling.people);
  const book = useSelect(({ calling }) => calling.book) ?? [];
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : null));
  const list = useRef<HTMLUListElement>(null);
  // The meeting is over.
  if (live === null || me === null) return null;
  const around = { live, people, book, me, tongue: t.tongue };
  const shown = directory && candidates(directory, search, around);
  const all = directory === null ? [] : reachableNow(candidates(directory, '', around)).filter((one) => !sending.includes(one));
  const invite = (whom: readonly string[]): void => tell({ type: 'invite', code, people: whom });
  const byLink = (): void => {
    onClose();
    dispatch({ type: 'call/invite', open: true });
  };
  return (
    <Dialog title={w('title')} onClose={onClose}>
      <SearchField label={w('search')} value={search} focused onType={setSearch} />
      {trouble && <Notice tone="bad" text={trouble} />}
      {trouble && directory === null && <button type="button" className="btn plain" onClick={() => tell({ type: 'again' })}>{t('again')}</button>}
      {all.length > 0 && search.trim() === '' && (
        <button type="button" className="btn primary" onClick={() => {
          invite(all);
          // The button goes with what it does. A field would bring up the keys of a phone.
          list.current?.focus();
        }}>
          <Users className="i s" aria-hidden="true" />{all.length === 1 ? w('all.one') : w('all', { n: String(all.length) })}
        </button>
      )}
      {shown === null && !trouble && <Skeleton lines={3} />}
      {shown?.length === 0 && <p className="hint">{w(search.trim() === '' ? 'nobody' : 'no-match')}</p>}
      {shown && shown.length > 0 && (
        <ul ref={list} tabIndex={-1} className={css['people']} aria-label={w('list')}>
          {shown.map((one) => <Row key={one.account} one={one} busy={sending.includes(one.account)} onInvite={() => invite([one.account])} />)}
        </ul>
      )}
      <p className="hint">{w('hint')}</p>
      <button type="button" className={cx('btn', 'quiet', css['link'])} onClick={byLink}><Link2 className="i s" aria-hidden="true" />{w('link')}</button>
    </Dialog>
  );
}

function Row({ one, busy, onInvite }: { readonly one: Candidate; readonly busy: boolean; readonly onInvite: () => void }): ReactElement {
  const t = useSpeech();
  const w = own(INVITING, t.tongue);
  const { name, avatar, presence, answer } = one;
  const again = answer !== null;
  const row = useRef<HTMLLIElement>(null);
  return (
    <li ref={row} tabIndex={-1} className={cx('item', css['person'])}>
      <Cameo name={name} avatar={avatar} mark={<PresenceMark presence={presence} />} />
      <div className="grow">
        <div className="t">{name}</div>
        <div className="d" role={answer === null ? undefined : 'status'}>
          {answer === null || isUntold(one) ? <span className="presence"><PresenceMark presence={presence} />{t(`presence.${presence}`)}</span> : w(`answer.${answer}`)}
        </div>
      </div>
      {mayAsk(one) && (
        <button type="button" className="btn plain low" disabled={busy} aria-label={w(again ? 'again.person' : 'invite.person', { name })} onClick={() => {
          onInvite();
          // The button rests, and goes: whoever pressed it hears there what is answered.
          row.current?.focus();
        }}>
          {!again && <UserPlus className="i s" aria-hidden="true" />}{w(busy ? 'sending' : again ? 'again' : 'invite')}
        </button>
      )}
    </li>
  );
}
