import type { FormEvent, ReactElement } from 'react';
import { ChevronDown, UserMinus } from 'lucide-react';
import type { AboutRoomPage, Given } from '../../../core/pages/room-page/page';
import type { Member } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { Face } from '../../kit/Face';
import { Field } from '../../kit/Field';
import { Menu, MenuChoice, MenuItem } from '../../kit/Menu';
import { Seg } from '../../kit/Seg';
import css from './RoomPage.module.css';

/** Who belongs to the room, and as what; its owner changes that. */
export function Members({ page, members, owns }: {
  readonly page: AboutRoomPage;
  readonly members: readonly Member[];
  readonly owns: boolean;
}): ReactElement {
  const t = useSpeech();
  return (
    <section className={cx('card', css['members'])} aria-labelledby="members">
      <div className={cx('sect', css['sect'])}>
        <h2 id="members">{t('rooms.members')}</h2>
        {members.length > 0 && <span className="push small num">{members.length}</span>}
      </div>
      {members.length === 0 && <p className={cx('small', css['none'])}>{t('rooms.members.none')}</p>}
      {members.length > 0 && (
        <ul>
          {members.map((member) => <li key={member.account.id}><Line member={member} owns={owns} /></li>)}
        </ul>
      )}
      {owns && <AddMember page={page} />}
    </section>
  );
}

function Line({ member: { account, role }, owns }: { readonly member: Member; readonly owns: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : null));
  const mine = account.id === me;
  const give = (given: Given) => (): void => dispatch({ type: 'room-page/member', account: account.name, role: given });
  return (
    <div className={cx('item', css['member'])}>
      <Face account={account} size="sm" />
      <div className="grow">
        <div className="t">{mine ? t('rooms.members.you', { name: account.displayName }) : account.displayName}</div>
        {account.displayName !== account.name && <div className="d">{account.name}</div>}
      </div>
      {owns && role !== 'owner' ? (
        <Menu
          label={t('rooms.members.role', { name: account.displayName })}
          className="btn quiet low"
          side="down"
          align="end"
          float
          face={<>{t(`rooms.role.${role}`)}<ChevronDown className="i s" aria-hidden="true" /></>}
        >
          <MenuChoice ticked={role === 'host'} onPick={give('host')}>{t('rooms.role.host')}</MenuChoice>
          <MenuChoice ticked={role === 'member'} onPick={give('member')}>{t('rooms.role.member')}</MenuChoice>
          <hr />
          <MenuItem icon={UserMinus} className="red" onPick={() => dispatch({ type: 'room-page/member-remove', account: account.name })}>
            {t('rooms.members.remove', { name: account.displayName })}
          </MenuItem>
        </Menu>
      ) : <span className="small">{t(`rooms.role.${role}`)}</span>}
    </div>
  );
}

function AddMember({ page }: { readonly page: AboutRoomPage }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { newcomer } = page;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'room-page/newcomer-send' });
  };
  return (
    <form className={css['add']} onSubmit={submit} noValidate>
      <Field
        label={t('rooms.members.name')}
        wrong={newcomer.wrong}
        value={newcomer.name}
        autoComplete="off"
        maxLength={254}
        exact
        onType={(name) => dispatch({ type: 'room-page/newcomer', change: { name } })}
      />
      <div className="row wrap">
        <Seg<Given>
          label={t('rooms.role')}
          value={newcomer.role}
          onPick={(role) => dispatch({ type: 'room-page/newcomer', change: { role } })}
          choices={[{ value: 'member', face: t('rooms.role.member') }, { value: 'host', face: t('rooms.role.host') }]}
        />
        <button type="submit" className="btn plain push" disabled={newcomer.busy}>
          {newcomer.busy && <span className="spin" aria-hidden="true" />}{t('rooms.members.add')}
        </button>
      </div>
    </form>
  );
}
