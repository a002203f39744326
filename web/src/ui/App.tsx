import { useMemo, type ReactElement } from 'react';
import { speech } from '../i18n/text';
import { HouseContext, SpeechContext, useAppState, useDispatch, type House } from './context';
import { LiveRegion } from './kit/Notices';
import { MeetingScreen } from './meeting/MeetingScreen';
import { LeftScreen } from './meeting/LeftScreen';
import { PreJoinScreen } from './prejoin/PreJoinScreen';
import { RoomTrouble } from './prejoin/RoomTrouble';
import { SettingsDialog } from './kit/SettingsDialog';
import { HelpDialog } from './kit/HelpDialog';
import { StartScreen } from './start/StartScreen';

export function App({ house }: { readonly house: House }): ReactElement {
  return <HouseContext value={house}><Rooms /></HouseContext>;
}

function Rooms(): ReactElement {
  const state = useAppState();
  const { language } = state.settings;
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
  const { page } = useAppState();
  if (page.at === 'start') return <StartScreen page={page} />;
  const { phase } = page;
  switch (phase.is) {
    case 'prejoin': return <PreJoinScreen page={page} phase={phase} />;
    case 'meeting': return <MeetingScreen page={page} meeting={phase} />;
    case 'left': return <LeftScreen left={phase} />;
    case 'looking':
    case 'unknown':
    case 'unreachable': return <RoomTrouble page={page} phase={phase} />;
  }
}

function Overlays(): ReactElement | null {
  const { overlay } = useAppState();
  const dispatch = useDispatch();
  const close = (): void => dispatch({ type: 'overlay', show: null });
  if (overlay === 'settings') return <SettingsDialog onClose={close} />;
  if (overlay === 'help') return <HelpDialog onClose={close} />;
  return null;
}
