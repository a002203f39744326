import { lazy, Suspense, useState, type ReactElement } from 'react';
import { Grip, Pause, PhoneForwarded, Play, UserPlus } from 'lucide-react';
import { rests } from '../../core/calling/calling';
import { KEYPAD } from '../../i18n/keypad';
import { own } from '../../i18n/own';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSpeech } from '../context';
import { useKeyFace } from '../kit/key-hint';
import { later } from '../kit/later';
import { MenuItem } from '../kit/Menu';
import { useShortcuts } from '../kit/shortcuts';
import { Key } from '../meeting/Key';
import css from './CallKeys.module.css';

// Few do more than talk.
const PickDialog = lazy(() => import('./PickDialog'));
const Keypad = later(() => import('./Keypad'));

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

/** The keypad of a call, as its key, its line in the menu More, and the panel itself share it. */
export interface KeypadState {
  readonly open: boolean;
  readonly set: (open: boolean) => void;
}

/** It is open for one call: another one begins without it. */
export function useKeypad(call: Call | null): KeypadState {
  const [of, setOf] = useState<string | null>(null);
  // It stays when the other is away for a moment: to come back by itself it would take the focus.
  const open = call !== null && of === call.id;
  const set = (on: boolean): void => setOf(on && call !== null && talks(call) ? call.id : null);
  useShortcuts(call === null ? {} : { keypad: () => set(!open) });
  return { open, set };
}

/** On the bar, where it has room. */
export function KeypadKey({ call, keypad: { open, set } }: { readonly call: Call; readonly keypad: KeypadState }): ReactElement {
  const w = own(KEYPAD, useSpeech().tongue);
  return (
    <Key
      name={w('keypad')}
      icon={Grip}
      deed="keypad"
      pressed={open}
      className={css['roomy']}
      mark="keypad"
      off={!open && !talks(call)}
      why={rests(call) ? w('rests') : undefined}
      onPress={() => set(!open)}
    />
  );
}

/** The same in the menu More, where the bar has none. */
export function KeypadItem({ call, keypad }: { readonly call: Call; readonly keypad: KeypadState }): ReactElement | null {
  const w = own(KEYPAD, useSpeech().tongue);
  const face = useKeyFace();
  return talks(call) ? <MenuItem icon={Grip} className={css['tight']} hint={face('keypad')} onPick={() => keypad.set(true)}>{w('keypad')}</MenuItem> : null;
}

/** Beside the bar, whose arrows would else walk in it. */
export function KeypadPanel({ call, keypad: { open, set } }: { readonly call: Call; readonly keypad: KeypadState }): ReactElement | null {
  return open ? <Suspense fallback={null}><Keypad key={call.id} call={call} onClose={() => set(false)} /></Suspense> : null;
}

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
