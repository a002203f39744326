import '../../../i18n/administering';
import type { ReactElement } from 'react';
import { Mail, RadioReceiver, Settings, Users, type LucideIcon } from 'lucide-react';
import type { ConsolePage as Page } from '../../../core/pages/console/page';
import { CONSOLE_TABS, type ConsoleTab } from '../../../core/route';
import { useSelect, useSpeech } from '../../context';
import { Frame } from '../../frame/Frame';
import { LANDING } from '../../kit/arrival';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { Attendants } from '../programs/Attendants';
import css from './ConsolePage.module.css';
import { Feeds } from './Feeds';
import { Hooks } from './Hooks';
import { Invitations } from './Invitations';
import { People } from './People';
import { ServerSettings } from './ServerSettings';

const ICONS: Readonly<Record<ConsoleTab, LucideIcon>> = { settings: Settings, people: Users, invitations: Mail, programs: RadioReceiver };

export default function ConsolePage({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const server = useSelect((state) => state.server);
  const title = t(`console.${page.tab}`);
  return (
    <Frame title={title}>
      <div className={css['con']}>
        <nav className={css['side']} aria-label={t('console.title')}>
          {CONSOLE_TABS.map((tab) => {
            const Icon = ICONS[tab];
            return (
              <Link key={tab} to={{ to: 'console', tab }} current={tab === page.tab}>
                <Icon className="i s" aria-hidden="true" />{t(`console.${tab}`)}
              </Link>
            );
          })}
        </nav>
        <main className={`page ${css['page'] ?? ''}`}>
          <div>
            <h1 {...LANDING}>{title}</h1>
            {server && <p className="small num">{t('console.version', { name: server.name, version: server.version })}</p>}
          </div>
          <Notice tone="bad" text={page.trouble} />
          {page.tab === 'settings' && <><ServerSettings page={page} /><Feeds /></>}
          {page.tab === 'people' && <People page={page} />}
          {page.tab === 'invitations' && <Invitations page={page} />}
          {page.tab === 'programs' && <><Attendants of={null} /><Hooks /></>}
        </main>
      </div>
    </Frame>
  );
}
