import { lazy, Suspense, useMemo, type ReactElement } from 'react';
import type { RoomPage as Room } from '../core/state';
import { speech } from '../i18n/text';
import { HouseContext, SpeechContext, useDispatch, useSelect, type House } from './context';
import { sightOf, useArrival } from './kit/arrival';
import { LiveRegion } from './kit/Notices';
import { useShortcuts } from './kit/shortcuts';
import { MeetingScreen } from './meeting/MeetingScreen';
import { LeftScreen } from './meeting/LeftScreen';
import { Palette } from './meeting/Palette';
import { PreJoinScreen } from './prejoin/PreJoinScreen';
import { RoomTrouble } from './prejoin/RoomTrouble';
import { ShutDoor } from './prejoin/ShutDoor';
import { SettingsDialog } from './kit/SettingsDialog';
import { HelpDialog } from './kit/HelpDialog';
import { NoticesDialog } from './kit/NoticesDialog';
import { StartScreen } from './start/StartScreen';
import { LobbyScreen } from './prejoin/LobbyScreen';
import { Waiting } from './frame/Waiting';

// One piece for each page: whoever comes for a meeting fetches none of them.
const HomePage = lazy(() => import('./pages/home/HomePage'));
const RoomPage = lazy(() => import('./pages/room-page/RoomPage'));
const SetupPage = lazy(() => import('./pages/setup/SetupPage'));
const SignInPage = lazy(() => import('./pages/sign/SignInPage'));
const SignUpPage = lazy(() => import('./pages/sign/SignUpPage'));
const ResetPage = lazy(() => import('./pages/sign/ResetPage'));
const AccountPage = lazy(() => import('./pages/account/AccountPage'));
const ConsolePage = lazy(() => import('./pages/console/ConsolePage'));

export function App({ house }: { readonly house: House }): ReactElement {
  return <HouseContext value={house}><Rooms /></HouseContext>;
}

function Rooms(): ReactElement {
  const language = useSelect((state) => state.settings.language);
  const speak = useMemo(() => speech(language), [language]);
  return (
    <SpeechContext value={speak}>
      <Page />
      <Overlays />
      <LiveRegion />
    </SpeechContext>
  );
}

function Page(): ReactElement {
  const sight = useSelect(sightOf);
  useArrival(sight);
  return sight === 'meeting' ? <MeetingScreen /> : <Suspense fallback={<Waiting page={null} />}><Outside /></Suspense>;
}

/** Every page but the meeting: they are small, and drawn again as a whole. */
function Outside(): ReactElement | null {
  usePalette();
  const page = useSelect((state) => state.page);
  switch (page.at) {
    case 'waiting': return <Waiting page={page} />;
    case 'start': return <StartScreen page={page} />;
    case 'home': return <HomePage page={page} />;
    case 'room-page': return <RoomPage page={page} />;
    case 'setup': return <SetupPage page={page} />;
    case 'sign-in': return <SignInPage page={page} />;
    case 'sign-up': return <SignUpPage page={page} />;
    case 'reset': return <ResetPage page={page} />;
    case 'account': return <AccountPage page={page} />;
    case 'console': return <ConsolePage page={page} />;
    case 'room': return <AtRoom page={page} />;
  }
}

/** Everything by name, on every page: the meeting has the same key among its own. */
function usePalette(): void {
  const dispatch = useDispatch();
  const letters = useSelect((state) => state.settings.letterKeys);
  useShortcuts({ 'ctrl+k': () => dispatch({ type: 'overlay', show: 'palette' }) }, letters);
}

/** Before and after a meeting. */
function AtRoom({ page }: { readonly page: Room }): ReactElement | null {
  const { phase } = page;
  switch (phase.is) {
    case 'prejoin': return <PreJoinScreen page={page} phase={phase} />;
    case 'shut': return <ShutDoor view={phase.view} />;
    case 'lobby': return <LobbyScreen lobby={phase} />;
    case 'meeting': return null;
    case 'left': return <LeftScreen left={phase} code={page.code} />;
    case 'looking':
    case 'unknown':
    case 'unreachable': return <RoomTrouble page={page} phase={phase} />;
  }
}

function Overlays(): ReactElement | null {
  const overlay = useSelect((state) => state.overlay);
  const dispatch = useDispatch();
  const close = (): void => dispatch({ type: 'overlay', show: null });
  if (overlay === 'settings') return <SettingsDialog onClose={close} />;
  if (overlay === 'palette') return <Palette onClose={close} />;
  if (overlay === 'notices') return <NoticesDialog onClose={close} />;
  if (overlay === 'help') return <HelpDialog onClose={close} />;
  return null;
}
