import { useEffect, type ReactElement, type ReactNode } from 'react';
import { ContactRound, House, LogOut, Settings, SlidersHorizontal, UserRound, Video } from 'lucide-react';
import type { Me } from '../../proto/api.gen';
import type { Route } from '../../core/route';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Lamppost } from '../kit/Brand';
import { Face } from '../kit/Face';
import { Link } from '../kit/Link';
import { Menu, MenuItem } from '../kit/Menu';
import { Toast } from '../kit/Notices';
import css from './Frame.module.css';

/** Around every page of those who are signed in: where one can go on the rail (a bar at the bottom on phones), the account above. */
export function Frame({ title, children }: {
  /** Of the page, for the window. */
  readonly title: string;
  readonly children: ReactNode;
}): ReactElement {
  const server = useSelect((state) => state.server?.name ?? 'Parlor');
  useEffect(() => {
    document.title = `${title} · ${server}`;
  }, [title, server]);
  return (
    <div className="shell">
      <Rail />
      <TopBar />
      {children}
      <div className={css['toast']}><Toast /></div>
    </div>
  );
}

function Rail(): ReactElement {
  const t = useSpeech();
  const name = useSelect((state) => state.server?.name ?? 'Parlor');
  const page = useSelect((state) => state.page);
  const admin = useSelect((state) => state.session.is === 'known' && state.session.me.admin);
  const home = page.at === 'home' && page.part === 'home';
  const meetings = page.at === 'room-page' || (page.at === 'home' && page.part === 'meetings');
  return (
    <nav className="rail" aria-label={t('frame.main')}>
      <Link to={{ to: 'start' }} className={`logo brand ${css['logo'] ?? ''}`} label={t('app.home', { name })}><Lamppost /></Link>
      <Link to={{ to: 'start' }} current={home}><House className="i" aria-hidden="true" />{t('frame.home')}</Link>
      <Link to={{ to: 'meetings' }} current={meetings}><Video className="i" aria-hidden="true" />{t('frame.meetings')}</Link>
      <Link to={{ to: 'contacts' }} current={page.at === 'contacts'}><ContactRound className="i" aria-hidden="true" />{t('frame.contacts')}</Link>
      {admin && (
        <Link to={{ to: 'console', tab: 'settings' }} className="last" current={page.at === 'console'}>
          <SlidersHorizontal className="i" aria-hidden="true" />{t('frame.console')}
        </Link>
      )}
    </nav>
  );
}

function TopBar(): ReactElement {
  const session = useSelect((state) => state.session);
  const name = useSelect((state) => state.server?.name ?? '');
  return (
    <header className="topbar">
      <span className={`strong ellipsis ${css['place'] ?? ''}`}>{name}</span>
      <span className="push" />
      {session.is === 'known' && <AccountMenu me={session.me} />}
    </header>
  );
}

function AccountMenu({ me }: { readonly me: Me }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const visit = (route: Route): void => dispatch({ type: 'visit', route });
  return (
    <Menu
      label={t('frame.menu', { name: me.account.displayName })}
      className="btn icon"
      side="down"
      align="end"
      face={<Face account={me.account} size="sm" />}
    >
      <MenuItem icon={UserRound} onPick={() => visit({ to: 'account' })}>{t('frame.account')}</MenuItem>
      {me.admin && (
        <MenuItem icon={SlidersHorizontal} onPick={() => visit({ to: 'console', tab: 'settings' })}>{t('frame.console')}</MenuItem>
      )}
      <MenuItem icon={Settings} onPick={() => dispatch({ type: 'overlay', show: 'settings' })}>{t('settings.title')}</MenuItem>
      <MenuItem icon={LogOut} onPick={() => dispatch({ type: 'sign-out' })}>{t('frame.sign-out')}</MenuItem>
    </Menu>
  );
}
