import { lazy, Suspense, useState, type ReactElement } from 'react';
import { Pause, PhoneForwarded, Play, UserPlus } from 'lucide-react';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSpeech } from '../context';
import { MenuItem } from '../kit/Menu';
import { Key } from '../meeting/Key';

// Few do more than talk.
const PickDialog = lazy(() => import('./PickDialog'));

/** Puts the call on hold, or goes on with it. */
export function HoldKey({ call }: { readonly call: Call }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const held = call.stage.is === 'held';
  return (
    <Key
      name={t(held ? 'calling.resume' : 'calling.hold')}
      icon={held ? Play : Pause}
      keys="Control+H"
      pressed={held}
      // What still rings cannot rest.
      off={!held && !talks(call)}
      onPress={() => dispatch({ type: 'calling/hold' })}
    />
  );
}

export type Picks = 'add' | 'transfer';

/** Whoever talks to nobody has nobody to leave to somebody. */
const talks = (call: Call): boolean => call.others.some(({ stage }) => stage.is === 'active' || stage.is === 'held');

/** Add person and Transfer, on the bar. */
export function JoinKeys({ call }: { readonly call: Call }): ReactElement {
  const t = useSpeech();
  const [picks, setPicks] = useState<Picks | null>(null);
  const off = !talks(call);
  return (
    <>
      <Key name={t('calling.add')} icon={UserPlus} off={off} onPress={() => setPicks('add')} />
      <Key name={t('calling.transfer')} icon={PhoneForwarded} off={off} onPress={() => setPicks('transfer')} />
      <JoinDialog call={call} what={picks} onClose={() => setPicks(null)} />
    </>
  );
}

/** The same in the menu More, where the bar has no room for them. */
export function JoinItems({ call, onPick }: { readonly call: Call; readonly onPick: (what: Picks) => void }): ReactElement | null {
  const t = useSpeech();
  return talks(call) ? (
    <>
      <MenuItem icon={UserPlus} onPick={() => onPick('add')}>{t('calling.add')}</MenuItem>
      <MenuItem icon={PhoneForwarded} onPick={() => onPick('transfer')}>{t('calling.transfer')}</MenuItem>
    </>
  ) : null;
}

/** Beside the menu More: the dialog outlives it. */
export function JoinDialog({ call, what, onClose }: { readonly call: Call; readonly what: Picks | null; readonly onClose: () => void }): ReactElement | null {
  return what && <Suspense fallback={null}><PickDialog call={call} what={what} onClose={onClose} /></Suspense>;
}
