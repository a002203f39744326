import type { ReactElement } from 'react';
import { Hand } from 'lucide-react';
import { handOf } from '../../core/meeting/people';
import { useSelect, useSpeech } from '../context';

/** The raised hand on a tile, with its place in the order. */
export function HandMark({ identity }: { readonly identity: string }): ReactElement | null {
  const t = useSpeech();
  const place = useSelect((state) => handOf(state, identity));
  if (place === 0) return null;
  return (
    <span className="mark hand" role="img" aria-label={t('hand.mark', { n: place })}>
      <Hand className="i" aria-hidden="true" /><span className="num" aria-hidden="true">{place}</span>
    </span>
  );
}
