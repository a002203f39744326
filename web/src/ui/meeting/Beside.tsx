import { lazy, Suspense, type ReactElement } from 'react';
import { REACTIONS } from '../../core/meeting/acts';
import { reactionDeed } from '../../core/shortcuts';
import { useDispatch } from '../context';
import { useShortcuts } from '../kit/shortcuts';
import { useMeeting } from './floor';
import { RisingReactions } from './Reactions';

// Whoever never opens a panel does not fetch it.
const People = lazy(() => import('./panels/People'));
const Chat = lazy(() => import('./panels/Chat'));

/** What stands beside the stage, and its keys. */
export function Beside(): ReactElement {
  const panel = useMeeting((meeting) => meeting.beside.panel);
  useBesideKeys();
  return (
    <>
      <Suspense fallback={null}>
        {panel === 'people' && <People />}
        {panel === 'chat' && <Chat />}
      </Suspense>
      <RisingReactions />
    </>
  );
}

function useBesideKeys(): void {
  const dispatch = useDispatch();
  const panel = useMeeting((meeting) => meeting.beside.panel);
  const palette = (): void => dispatch({ type: 'overlay', show: 'palette' });
  const reactions = REACTIONS.map((emoji, index) => [reactionDeed(index) ?? '', () => dispatch({ type: 'act', act: { act: 'react', emoji } })] as const);
  useShortcuts({
    ...Object.fromEntries(reactions),
    hand: () => dispatch({ type: 'hand' }),
    chat: () => dispatch({ type: 'panel', panel: 'chat' }),
    people: () => dispatch({ type: 'panel', panel: 'people' }),
    palette,
  }, panel === null ? {} : { escape: () => dispatch({ type: 'panel/close' }) });
}
