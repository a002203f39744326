import { useState, type ReactElement } from 'react';
import { CalendarClock, ChevronRight, ContactRound, DoorOpen, House, LogIn, LogOut, MessageCircle, NotebookPen, Phone, Settings, SlidersHorizontal, UserRound, UsersRound, Video, type LucideIcon } from 'lucide-react';
import { presenceOf } from '../../core/calling/calling';
import type { Row, Sign } from '../../core/search/results';
import type { Key } from '../../i18n/text';
import { useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { PresenceMark } from '../kit/PresenceMark';
import { shortly } from '../pages/talks/when';
import css from './Search.module.css';

/** One line of what is found. */
export function Option({ id, row, chosen, onNear, onPick }: {
  readonly id: string;
  readonly row: Row;
  readonly chosen: boolean;
  readonly onNear: () => void;
  readonly onPick: () => void;
}): ReactElement {
  const t = useSpeech();
  const [now] = useState(() => Date.now());
  const { sign, name, more, at, does } = row;
  return (
    <button id={id} type="button" role="option" tabIndex={-1} aria-selected={chosen} className={css['row']} ref={chosen ? seen : undefined} onPointerMove={onNear} onClick={onPick}>
      <Face sign={sign} />
      <span className={css['words']}>
        <span className={css['name']}>{name}</span>
        {more !== null && <span className={css['more']}>{more}</span>}
      </span>
      {at !== null && <time className="hint num" dateTime={new Date(at).toISOString()}>{shortly(t, at, now)}</time>}
      {does !== null && <span className={chosen && at === null ? css['does'] : 'sr'}>{does}</span>}
    </button>
  );
}

function Face({ sign }: { readonly sign: Sign }): ReactElement {
  if (sign.is === 'person') return <Person sign={sign} />;
  const Icon = sign.is === 'deed' ? (DEEDS[sign.of] ?? ChevronRight) : SIGNS[sign.is];
  return <span className={css['sign']}><Icon className="i" aria-hidden="true" /></span>;
}

function Person({ sign: { account, name, avatar, known } }: { readonly sign: Extract<Sign, { is: 'person' }> }): ReactElement {
  const presence = useSelect((state) => presenceOf(state, account ?? ''));
  return <span className={css['face']}><Cameo size="sm" name={name} avatar={avatar} mark={known ? <PresenceMark presence={presence} /> : undefined} /></span>;
}

const SIGNS = { room: DoorOpen, group: UsersRound, call: Phone, video: Video, join: LogIn } as const;

const DEEDS: Readonly<Partial<Record<Key, LucideIcon>>> = {
  'start.new': Video, 'palette.later': CalendarClock, 'frame.home': House, 'frame.calls': Phone, 'frame.contacts': ContactRound, 'frame.chat': MessageCircle,
  'frame.meetings': Video, 'frame.account': UserRound, 'frame.console': SlidersHorizontal, 'frame.sign-out': LogOut, 'meeting.settings': Settings, 'palette.note': NotebookPen,
};

const seen = (option: HTMLElement | null): void => option?.scrollIntoView({ block: 'nearest' });
