import { useEffect, useState, type ReactElement } from 'react';
import { callHere } from '../../core/calling/calling';
import { useDispatch, useStore } from '../context';
import { Speaks } from './Speaks';

/** Speaks a message for whoever did not answer. */
export default function LeaveDialog({ onClose }: { readonly onClose: () => void }): ReactElement | null {
  const store = useStore();
  const dispatch = useDispatch();
  // Which call that was is not told for ever; the card that said so goes.
  const [call] = useState(() => store.state().calling.outcome ?? callHere(store.state()));
  useEffect(() => dispatch({ type: 'calling/close' }), [dispatch]);
  return call && <Speaks call={call} onClose={onClose} />;
}
