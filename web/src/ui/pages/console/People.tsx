import type { ReactElement } from 'react';
import { Ellipsis, KeyRound, ShieldCheck, UserCheck, UserX, Video } from 'lucide-react';
import type { ConsolePage as Page } from '../../../core/pages/console/page';
import type { AccountRow, ChangeAccount } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Face } from '../../kit/Face';
import { Menu, MenuItem } from '../../kit/Menu';
import { Skeleton } from '../../kit/Skeleton';
import css from './ConsolePage.module.css';
import { SecretLink } from './SecretLink';

/** Everybody with an account, and what may be done with each. */
export function People({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { reset } = page;
  const whose = reset && page.people?.find((row) => row.account.id === reset.account);
  return (
    <>
      {reset && <SecretLink title={t('console.reset.for', { name: whose?.account.displayName ?? '' })} link={reset} />}
      <div className={`card divide ${css['people'] ?? ''}`} role={page.people?.length ? 'list' : undefined}>
        {page.people === null && page.trouble === null && <Skeleton lines={4} />}
        {page.people?.map((row) => <Row key={row.account.id} row={row} />)}
      </div>
      {page.morePeople && (
        <button type="button" className={`btn plain ${css['more'] ?? ''}`} onClick={() => dispatch({ type: 'console/more-people' })}>
          {t('console.more')}
        </button>
      )}
    </>
  );
}

function Row({ row }: { readonly row: AccountRow }): ReactElement {
  const t = useSpeech();
  const me = useSelect((state) => (state.session.is === 'known' ? state.session.me.account.id : ''));
  const invitedOnly = useSelect((state) => state.server?.create === 'invited');
  const { account, admin, mayCreate, disabled } = row;
  return (
    <div className="item" role="listitem" data-account={account.name}>
      <Face account={account} />
      <div className="grow">
        <div className="t">{account.displayName}{account.id === me && ` (${t('console.you')})`}</div>
        <div className="d">{account.name}</div>
      </div>
      <span className={css['marks']}>
        {admin && <span className="badge">{t('console.admin')}</span>}
        {invitedOnly && mayCreate && <span className="badge">{t('console.may-create')}</span>}
        {disabled && <span className="badge bad">{t('console.disabled')}</span>}
      </span>
      <Actions row={row} mine={account.id === me} />
    </div>
  );
}

function Actions({ row, mine }: { readonly row: AccountRow; readonly mine: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { account, admin, mayCreate, disabled } = row;
  const change = (to: ChangeAccount): void => dispatch({ type: 'console/change', id: account.id, change: to });
  return (
    <Menu
      label={t('console.actions', { name: account.displayName })}
      className="btn icon"
      side="down"
      align="end"
      face={<Ellipsis className="i" aria-hidden="true" />}
    >
      <MenuItem icon={ShieldCheck} onPick={() => change({ admin: !admin })}>{t(admin ? 'console.unmake-admin' : 'console.make-admin')}</MenuItem>
      <MenuItem icon={Video} onPick={() => change({ mayCreate: !mayCreate })}>{t(mayCreate ? 'console.unlet-create' : 'console.let-create')}</MenuItem>
      <MenuItem icon={KeyRound} onPick={() => dispatch({ type: 'console/reset', id: account.id })}>{t('console.reset')}</MenuItem>
      {!mine && (
        <MenuItem icon={disabled ? UserCheck : UserX} className={disabled ? undefined : 'red'} onPick={() => change({ disabled: !disabled })}>
          {t(disabled ? 'console.enable' : 'console.disable')}
        </MenuItem>
      )}
    </Menu>
  );
}
