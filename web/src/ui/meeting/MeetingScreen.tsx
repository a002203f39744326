import { useRef, useState, type ReactElement } from 'react';
import { useDispatch, useStore } from '../context';
import { cx } from '../kit/cx';
import { Toast } from '../kit/Notices';
import { useCall } from '../calling/use-call';
import { CallsList } from '../calling/CallsList';
import { Rests } from '../calling/Rests';
import { Waits } from '../calling/Waits';
import { rests } from '../../core/calling/calling';
import type { Call } from '../../proto/api.gen';
import { useHeldKey, useShortcuts } from '../kit/shortcuts';
import { Beside } from './Beside';
import { Cards } from './Cards';
import { Controls } from './Controls';
import { FloorContext, floorOf, useStaged, type Floor } from './floor';
import { layoutChoices, layoutShown } from './layouts';
import { Ready } from './Ready';
import { SmallWindow } from './SmallWindow';
import { Stage } from './Stage';
import { TopBar } from './TopBar';
import { Troubles } from './Troubles';
import { useRest } from './use-rest';
import { walkRegions, walkToBar } from './walk';
import css from './MeetingScreen.module.css';

export default function MeetingScreen(): ReactElement | null {
  const store = useStore();
  const [floor] = useState(() => {
    const { page } = store.state();
    return page.at === 'room' && page.phase.is === 'meeting' ? floorOf(store, page.phase) : null;
  });
  return floor && <FloorContext value={floor}><Hall floor={floor} /></FloorContext>;
}

/** The frame of the meeting: it is drawn once, its parts read what they show. */
function Hall({ floor }: { readonly floor: Floor }): ReactElement {
  const root = useRef<HTMLDivElement>(null);
  useKeys(floor, root);
  useRest(root);
  const call = useCall();
  const alone = useStaged((_, there) => there.others.length === 0);
  return (
    <div className={cx('meet', css['meet'])} ref={root}>
      <TopBar />
      {call !== null ? <CallFloor call={call} alone={alone} /> : <Stage />}
      <Beside />
      <Troubles />
      <div className={cx('corner', css['corner'])} data-walk>
        <Ready />
        <Cards />
        <Toast />
      </div>
      <Controls />
      <SmallWindow />
    </div>
  );
}

/** The stage of a call, and beside it the others that wait. */
function CallFloor({ call, alone }: { readonly call: Call; readonly alone: boolean }): ReactElement {
  return (
    <div className={css['floor']} data-on-hold={rests(call) || undefined}>
      <CallsList here={call} />
      {alone ? <Waits call={call} /> : <Stage />}
      {/* Where nobody else is in, the face says whom I wait for. */}
      {(!alone || call.stage.is === 'held') && <Rests call={call} />}
    </div>
  );
}

function useKeys(floor: Floor, root: { readonly current: HTMLElement | null }): void {
  const store = useStore();
  const dispatch = useDispatch();
  const calls = useCall() !== null;
  const microphone = (): void => dispatch({ type: 'devices/toggle', kind: 'microphone' });
  const camera = (): void => dispatch({ type: 'devices/toggle', kind: 'camera' });
  const help = (): void => dispatch({ type: 'overlay', show: 'help' });
  useShortcuts({
    microphone,
    camera,
    share: () => dispatch({ type: 'call/share' }),
    pause: () => dispatch({ type: 'share/pause' }),
    fullscreen: () => dispatch({ type: 'stage/fullscreen' }),
    pip: () => dispatch({ type: 'stage/pip' }),
    layout: () => {
      const choices = layoutChoices(floor.cast());
      const next = choices[(choices.indexOf(layoutShown(floor.meeting(), floor.cast())) + 1) % Math.max(1, choices.length)];
      if (next) dispatch({ type: 'stage/layout', layout: next });
    },
    help,
  }, {
    f6: () => walkRegions(root.current),
    f2: () => walkToBar(root.current),
    ...(calls ? { 'ctrl+h': () => dispatch({ type: 'calling/hold' }) } : {}),
  });
  useHeldKey((on) => {
    // Held by somebody who is heard anyway it changes nothing, and letting go must not mute.
    if (on && store.state().devices.microphone.wanted) return false;
    dispatch({ type: 'talk', on });
    return on;
  });
}
