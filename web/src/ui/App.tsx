import { lazy, Suspense, useEffect, useMemo, useState, type ReactElement } from 'react';
import { hasSearch } from '../core/selectors';
import { keyOf, SEARCH_KEY } from '../core/shortcuts';
import type { RoomPage as Room } from '../core/state';
import { knows, learn, speech, type Speech, type Tongue } from '../i18n/text';
import { HouseContext, SpeechContext, useDispatch, useSelect, type House } from './context';
import { sightOf, useArrival } from './kit/arrival';
import { LiveRegion } from './kit/Notices';
import { later } from './kit/later';
import { useShortcuts } from './kit/shortcuts';
import { LeftScreen, LobbyScreen, MeetingScreen } from './meeting/part';
import { PreJoinScreen } from './prejoin/PreJoinScreen';
import { RoomTrouble } from './prejoin/RoomTrouble';
import { ShutDoor } from './prejoin/ShutDoor';
import { StartScreen } from './start/StartScreen';
import { Waiting } from './frame/Waiting';
import { CallLayer, EnteringScreen, CallLeft } from './calling/part';

// Dialogs are opened by a press, and not by everybody. The palette is typed into at once, so it is fetched as soon as the page stands.
const Palette = later(() => import('./meeting/Palette'));
const SearchDialog = later(() => import('./search/SearchDialog'));
const SettingsDialog = later(() => import('./kit/SettingsDialog'));
const HelpDialog = later(() => import('./kit/HelpDialog'));
const NoticesDialog = later(() => import('./kit/NoticesDialog'));
const ContactDialog = later(() => import('./pages/contacts/ContactDialog'));
const NoteDialog = later(() => import('./frame/NoteDialog'));
const InviteDialog = later(() => import('./meeting/InviteDialog'));
const LeaveDialog = later(() => import('./voicemail/LeaveDialog'));

// One piece for each page: whoever comes for a meeting fetches none of them.
const HomePage = lazy(() => import('./pages/home/HomePage'));
const RoomPage = lazy(() => import('./pages/room-page/RoomPage'));
const SetupPage = lazy(() => import('./pages/setup/SetupPage'));
const SignInPage = lazy(() => import('./pages/sign/SignInPage'));
const SignUpPage = lazy(() => import('./pages/sign/SignUpPage'));
const ResetPage = lazy(() => import('./pages/sign/ResetPage'));
const CallsPage = lazy(() => import('./pages/calls/CallsPage'));
const ContactsPage = lazy(() => import('./pages/contacts/ContactsPage'));
const TalksPage = lazy(() => import('./pages/talks/TalksPage'));
const AccountPage = lazy(() => import('./pages/account/AccountPage'));
const TestPage = lazy(() => import('./pages/test/TestPage'));
const ConsolePage = lazy(() => import('./pages/console/ConsolePage'));

export function App({ house }: { readonly house: House }): ReactElement {
  return <HouseContext value={house}><Rooms /></HouseContext>;
}

function Rooms(): ReactElement {
  const language = useSelect((state) => state.settings.language);
  const speak = useTongue(language);
  return (
    <SpeechContext value={speak}>
      <Calls />
      <Page />
      <Overlays />
      <LiveRegion />
    </SpeechContext>
  );
}

/** A language that is still to be fetched is spoken as soon as it came; until then it is English. */
function useTongue(language: Tongue): Speech {
  const [learnt, setLearnt] = useState<readonly Tongue[]>([]);
  const known = knows(language) || learnt.includes(language);
  useEffect(() => {
    if (known) return;
    learn(language).then(() => setLearnt((before) => [...before, language]), () => undefined);
  }, [language, known]);
  return useMemo(() => ({ speak: speech(language), known }).speak, [language, known]);
}

function Page(): ReactElement {
  const sight = useSelect(sightOf);
  useArrival(sight);
  return <Suspense fallback={<Waiting page={null} />}>{sight === 'meeting' ? <MeetingScreen /> : <Outside />}</Suspense>;
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
    case 'calls': return <CallsPage page={page} />;
    case 'contacts': return <ContactsPage page={page} />;
    case 'talks': return <TalksPage page={page} />;
    case 'console': return <ConsolePage page={page} />;
    case 'test': return <TestPage page={page} />;
    case 'room': return <AtRoom page={page} />;
  }
}

/** Calls come to whoever is signed in, on every page. They stand before it, so that the keyboard meets them first. */
function Calls(): ReactElement | null {
  const known = useSelect(({ session }) => session.is === 'known');
  useEffect(() => {
    if (known) for (const part of [CallLayer, EnteringScreen, CallLeft]) void part.fetch();
  }, [known]);
  return known ? <Suspense fallback={null}><CallLayer /></Suspense> : null;
}

/** Everything by name, on every page: the meeting has the same key among its own. */
function usePalette(): void {
  const dispatch = useDispatch();
  const chord = useSelect((state) => keyOf(state.settings.keys, 'palette', 'chord'));
  const mac = useSelect(({ browser }) => browser.system === 'macos');
  const open = (): void => dispatch({ type: 'overlay', show: 'palette' });
  // Whoever writes something looks for something else as well; on a Mac, Ctrl and a letter edit what is written.
  useShortcuts({}, chord === null ? {} : { [chord]: open }, mac ? 'page' : 'fields');
  useShortcuts({}, chord === SEARCH_KEY ? { 'meta+k': open } : {}, 'fields');
}

/** Before and after a meeting. */
function AtRoom({ page }: { readonly page: Room }): ReactElement | null {
  const { phase } = page;
  useEffect(() => {
    // What follows is there at once, and without a network too.
    for (const part of [MeetingScreen, LobbyScreen, LeftScreen]) void part.fetch();
  }, []);
  switch (phase.is) {
    case 'prejoin': return <PreJoinScreen page={page} phase={phase} />;
    case 'shut': return <ShutDoor view={phase.view} />;
    case 'entering': return <EnteringScreen phase={phase} />;
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
  const meets = useSelect((state) => sightOf(state) === 'meeting');
  const searches = useSelect(hasSearch);
  useEffect(() => {
    void (searches ? SearchDialog : Palette).fetch();
  }, [searches]);
  useEffect(() => {
    // In a meeting there is time for it, and whoever works by keys does not wait for a dialog.
    if (meets) for (const part of [SettingsDialog, HelpDialog, NoticesDialog]) void part.fetch();
  }, [meets]);
  return (
    <Suspense fallback={null}>
      {overlay === 'settings' && <SettingsDialog onClose={close} />}
      {overlay === 'palette' && (searches ? <SearchDialog onClose={close} /> : <Palette onClose={close} />)}
      {overlay === 'notices' && <NoticesDialog onClose={close} />}
      {overlay === 'contact' && <ContactDialog />}
      {overlay === 'note' && <NoteDialog onClose={close} />}
      {overlay === 'invite' && <InviteDialog onClose={close} />}
      {overlay === 'voicemail' && <LeaveDialog onClose={close} />}
      {overlay === 'help' && <HelpDialog onClose={close} />}
    </Suspense>
  );
}
