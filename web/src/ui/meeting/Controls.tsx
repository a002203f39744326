import { useState, type ReactElement, type ReactNode } from 'react';
import {
  AudioLines, ChevronUp, Copy, Ellipsis, Keyboard, LogOut, Maximize, Mic, MicOff, ScreenShare, ScreenShareOff, Settings,
  SlidersHorizontal, Video, VideoOff, type LucideIcon,
} from 'lucide-react';
import type { Capture } from '../../core/state';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { DeviceChoices } from '../kit/DevicePick';
import { useKeyHint } from '../kit/key-hint';
import { Level } from '../kit/Level';
import { Menu, MenuChoice, MenuGroup, MenuItem } from '../kit/Menu';
import { useMeeting, useStaged } from './floor';
import { LAYOUT_FACES, layoutChoices, layoutShown } from './layouts';
import css from './Controls.module.css';

/** The control bar: always the same keys in the same order. */
export function Controls(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <div className="bar" role="toolbar" aria-label={t('meeting.controls')}>
      <div className="keys">
        <Source
          kind="microphone"
          names={[t('meeting.mute'), t('meeting.unmute')]}
          icons={[Mic, MicOff]}
          keys={['M', 'D']}
          menu={t('meeting.microphone-options')}
        >
          <DeviceChoices kind="microphone" />
          <Hearing />
          <hr />
          <DeviceChoices kind="speaker" />
          <MenuItem icon={AudioLines} stays onPick={() => dispatch({ type: 'devices/tone' })}>{t('prejoin.test')}</MenuItem>
        </Source>
        <Source
          kind="camera"
          names={[t('meeting.stop-video'), t('meeting.start-video')]}
          icons={[Video, VideoOff]}
          keys={['V', 'E']}
          menu={t('meeting.camera-options')}
        >
          <DeviceChoices kind="camera" />
        </Source>
      </div>
      <div className="keys">
        <Sharing />
        <More />
      </div>
      <div className="keys">
        <Key name={t('meeting.leave')} icon={LogOut} className="leave" onPress={() => dispatch({ type: 'call/leave' })} />
      </div>
    </div>
  );
}

/** The level under the microphones, while there is one to see. */
function Hearing(): ReactElement | null {
  const on = useSelect((state) => state.devices.microphone.wanted);
  return on ? <div className={css['level']}><Level mute /></div> : null;
}

function Sharing(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const can = useSelect((state) => state.browser.share);
  const sharing = useMeeting((meeting) => meeting.sharing === 'yes');
  if (!can) return null;
  return (
    <Key
      name={t(sharing ? 'meeting.stop-sharing' : 'meeting.share')}
      icon={sharing ? ScreenShareOff : ScreenShare}
      keys={['S']}
      pressed={sharing}
      onPress={() => dispatch({ type: 'call/share' })}
    />
  );
}

function Key({ name, icon: Icon, keys = [], pressed, className, onPress }: {
  readonly name: string;
  readonly icon: LucideIcon;
  /** The letter, and the one with Ctrl. */
  readonly keys?: readonly [string?, string?] | undefined;
  readonly pressed?: boolean | undefined;
  readonly className?: string | undefined;
  readonly onPress: () => void;
}): ReactElement {
  const hint = useKeyHint();
  return (
    <button
      type="button"
      className={cx('key', className)}
      aria-label={name}
      aria-pressed={pressed}
      {...hint(name, ...keys)}
      // A click leaves the focus where it is: else the space bar, held to talk, would press this key when it is let go.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      <Icon className="i" aria-hidden="true" />
      <span className="lbl">{name}</span>
    </button>
  );
}

/** Microphone or camera: the key, and behind the arrow its devices. */
function Source({ kind, names, icons, keys, menu, children }: {
  readonly kind: Capture;
  readonly names: readonly [string, string];
  readonly icons: readonly [LucideIcon, LucideIcon];
  readonly keys: readonly [string, string];
  readonly menu: string;
  readonly children: ReactNode;
}): ReactElement {
  const dispatch = useDispatch();
  const on = useSelect((state) => state.devices[kind].wanted);
  return (
    <span className="keysplit">
      <Key
        name={on ? names[0] : names[1]}
        icon={on ? icons[0] : icons[1]}
        keys={keys}
        pressed={!on}
        className={on ? undefined : 'off'}
        onPress={() => dispatch({ type: 'devices/toggle', kind })}
      />
      <Menu label={menu} className="key caret" side="up" align="start" face={<ChevronUp className="i" aria-hidden="true" />}>
        {children}
      </Menu>
    </span>
  );
}

function More(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const letters = useSelect((state) => state.settings.letterKeys);
  const settings = (): void => dispatch({ type: 'overlay', show: 'settings' });
  return (
    <Menu
      label={t('meeting.more')}
      className="key"
      side="up"
      align="center"
      face={<><Ellipsis className="i" aria-hidden="true" /><span className="lbl">{t('meeting.more')}</span></>}
    >
      <Layouts />
      <MenuItem icon={Copy} onPick={() => dispatch({ type: 'call/copy-link' })}>{t('meeting.copy')}</MenuItem>
      <FullScreenItem />
      {/* Where the bar has no room for the arrows beside microphone and camera. */}
      <MenuItem icon={SlidersHorizontal} className="narrowonly" onPick={settings}>{t('settings.devices')}</MenuItem>
      <MenuItem icon={Settings} onPick={settings}>{t('meeting.settings')}</MenuItem>
      <MenuItem icon={Keyboard} hint={letters ? '?' : undefined} onPick={() => dispatch({ type: 'overlay', show: 'help' })}>{t('meeting.shortcuts')}</MenuItem>
    </Menu>
  );
}

function Layouts(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const layouts = useStaged((_, there) => layoutChoices(there));
  const shown = useStaged(layoutShown);
  if (layouts.length < 2) return null;
  return (
    <>
      <MenuGroup name={t('meeting.layout')}>
        {layouts.map((layout) => (
          <MenuChoice
            key={layout}
            icon={LAYOUT_FACES[layout].icon}
            ticked={shown === layout}
            onPick={() => dispatch({ type: 'stage/layout', layout })}
          >
            {t(LAYOUT_FACES[layout].key)}
          </MenuChoice>
        ))}
      </MenuGroup>
      <hr />
    </>
  );
}

function FullScreenItem(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const can = useSelect((state) => state.browser.fullscreen);
  const letters = useSelect((state) => state.settings.letterKeys);
  // Read as the menu opens: it closes with the choice.
  const [full] = useState(() => document.fullscreenElement !== null);
  if (!can) return null;
  return (
    <MenuItem icon={Maximize} hint={letters ? 'F' : undefined} onPick={() => dispatch({ type: 'stage/fullscreen' })}>
      {t(full ? 'meeting.fullscreen.leave' : 'meeting.fullscreen')}
    </MenuItem>
  );
}
