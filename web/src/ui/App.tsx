import { useMemo, type ReactElement } from 'react';
import { speech } from '../i18n/text';
import { HouseContext, SpeechContext, useDispatch, useSelect, type House } from './context';
import { sightOf, useArrival } from './kit/arrival';
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
  return sight === 'meeting' ? <MeetingScreen /> : <Outside />;
}

/** Every page but the meeting: they are small, and drawn again as a whole. */
function Outside(): ReactElement | null {
  const page = useSelect((state) => state.page);
  if (page.at === 'start') return <StartScreen page={page} />;
  const { phase } = page;
  switch (phase.is) {
    case 'prejoin': return <PreJoinScreen page={page} phase={phase} />;
    case 'meeting': return null;
    case 'left': return <LeftScreen left={phase} />;
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
  if (overlay === 'help') return <HelpDialog onClose={close} />;
  return null;
}
