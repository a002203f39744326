// Which layouts can be chosen, and what they are called.

import { LayoutGrid, PanelRight, SquareUser, WandSparkles } from 'lucide-react';
import { stageKind, type Cast } from '../../core/selectors';
import type { LayoutChoice, Meeting } from '../../core/state';

export const LAYOUT_FACES = {
  auto: { icon: WandSparkles, key: 'meeting.layout.auto' },
  grid: { icon: LayoutGrid, key: 'meeting.layout.grid' },
  speaker: { icon: SquareUser, key: 'meeting.layout.speaker' },
  side: { icon: PanelRight, key: 'meeting.layout.side' },
} as const;

const NONE: readonly LayoutChoice[] = [];
const PEOPLE: readonly LayoutChoice[] = ['grid', 'speaker'];
const SHARE: readonly LayoutChoice[] = ['grid', 'side'];
const ALL: readonly LayoutChoice[] = ['grid', 'speaker', 'side'];

/** What can be chosen: nothing where it would change nothing. */
export function layoutChoices(cast: Cast): readonly LayoutChoice[] {
  if (cast.shares.length > 0) return cast.others.length >= 2 ? ALL : SHARE;
  return cast.others.length >= 2 ? PEOPLE : NONE;
}

/** The choice that stands for what is drawn now. */
export function layoutShown(meeting: Meeting, cast: Cast): LayoutChoice {
  switch (stageKind(meeting, cast)) {
    case 'share': return 'side';
    case 'speaker': return 'speaker';
    case 'grid':
    case 'duo': return 'grid';
  }
}
