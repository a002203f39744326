import type { ReactElement, ReactNode } from 'react';
import {
  AudioLines, ChevronUp, Copy, Ellipsis, Keyboard, LayoutGrid, LogOut, Maximize, Mic, MicOff, PanelRight, ScreenShare, ScreenShareOff,
  Settings, SquareUser, Video, VideoOff, type LucideIcon,
} from 'lucide-react';
import type { Capture, LayoutChoice, Meeting } from '../../core/state';
import type { Cast } from '../../core/selectors';
import { useAppState, useDispatch, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { DeviceChoices } from '../kit/DevicePick';
import { Level } from '../kit/Level';
import { Menu, MenuChoice, MenuItem } from '../kit/Menu';
import { layoutChoices, layoutShown } from './TopBar';
import css from './Controls.module.css';

/** The control bar: always the same keys in the same order. */
export function Controls({ meeting, cast }: { readonly meeting: Meeting; readonly cast: Cast }): ReactElement {
  const t = useSpeech();
  const { devices, browser } = useAppState();
  const dispatch = useDispatch();
  const sharing = meeting.sharing === 'yes';
  return (
    <div className="bar" role="toolbar" aria-label={t('meeting.controls')}>
      <div className="keys">
        <Source
          kind="microphone"
          on={devices.microphone.wanted}
          names={[t('meeting.mute'), t('meeting.unmute')]}
          icons={[Mic, MicOff]}
          shortcut="M"
          menu={t('meeting.microphone-options')}
        >
          <DeviceChoices kind="microphone" />
          {devices.microphone.wanted && <div className={css['level']}><Level /></div>}
          <hr />
          <DeviceChoices kind="speaker" />
          <MenuItem icon={AudioLines} stays onPick={() => dispatch({ type: 'devices/tone' })}>{t('prejoin.test')}</MenuItem>
        </Source>
        <Source
          kind="camera"
          on={devices.camera.wanted}
          names={[t('meeting.stop-video'), t('meeting.start-video')]}
          icons={[Video, VideoOff]}
          shortcut="V"
          menu={t('meeting.camera-options')}
        >
          <DeviceChoices kind="camera" />
        </Source>
      </div>
      <div className="keys">
        {browser.share && (
          <Key
            name={t(sharing ? 'meeting.stop-sharing' : 'meeting.share')}
            icon={sharing ? ScreenShareOff : ScreenShare}
            shortcut="S"
            pressed={sharing}
            onPress={() => dispatch({ type: 'call/share' })}
          />
        )}
        <More meeting={meeting} cast={cast} />
      </div>
      <div className="keys">
        <Key name={t('meeting.leave')} icon={LogOut} className="leave" onPress={() => dispatch({ type: 'call/leave' })} />
      </div>
    </div>
  );
}

function Key({ name, icon: Icon, shortcut, pressed, className, onPress }: {
  readonly name: string;
  readonly icon: LucideIcon;
  readonly shortcut?: string | undefined;
  readonly pressed?: boolean | undefined;
  readonly className?: string | undefined;
  readonly onPress: () => void;
}): ReactElement {
  return (
    <button
      type="button"
      className={cx('key', className)}
      aria-label={name}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={shortcut === undefined ? name : `${name} (${shortcut})`}
      onClick={onPress}
    >
      <Icon className="i" aria-hidden="true" />
      <span className="lbl">{name}</span>
    </button>
  );
}

/** Microphone or camera: the key, and behind the arrow its devices. */
function Source({ kind, on, names, icons, shortcut, menu, children }: {
  readonly kind: Capture;
  readonly on: boolean;
  readonly names: readonly [string, string];
  readonly icons: readonly [LucideIcon, LucideIcon];
  readonly shortcut: string;
  readonly menu: string;
  readonly children: ReactNode;
}): ReactElement {
  const dispatch = useDispatch();
  return (
    <span className="keysplit">
      <Key
        name={on ? names[0] : names[1]}
        icon={on ? icons[0] : icons[1]}
        shortcut={shortcut}
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

const LAYOUTS: Readonly<Record<LayoutChoice, { readonly icon: LucideIcon; readonly key: 'meeting.layout.grid' | 'meeting.layout.speaker' | 'meeting.layout.side' }>> = {
  auto: { icon: LayoutGrid, key: 'meeting.layout.grid' },
  grid: { icon: LayoutGrid, key: 'meeting.layout.grid' },
  speaker: { icon: SquareUser, key: 'meeting.layout.speaker' },
  side: { icon: PanelRight, key: 'meeting.layout.side' },
};

function More({ meeting, cast }: { readonly meeting: Meeting; readonly cast: Cast }): ReactElement {
  const t = useSpeech();
  const { browser } = useAppState();
  const dispatch = useDispatch();
  const layouts = layoutChoices(cast);
  return (
    <Menu
      label={t('meeting.more')}
      className="key"
      side="up"
      align="center"
      face={<><Ellipsis className="i" aria-hidden="true" /><span className="lbl">{t('meeting.more')}</span></>}
    >
      {layouts.length > 1 && (
        <>
          <div className="over">{t('meeting.layout')}</div>
          {layouts.map((layout) => (
            <MenuChoice
              key={layout}
              icon={LAYOUTS[layout].icon}
              ticked={layoutShown(meeting, cast) === layout}
              onPick={() => dispatch({ type: 'stage/layout', layout })}
            >
              {t(LAYOUTS[layout].key)}
            </MenuChoice>
          ))}
          <hr />
        </>
      )}
      <MenuItem icon={Copy} onPick={() => dispatch({ type: 'call/copy-link' })}>{t('meeting.copy')}</MenuItem>
      {browser.fullscreen && (
        <MenuItem icon={Maximize} hint="F" onPick={() => dispatch({ type: 'stage/fullscreen' })}>
          {t(document.fullscreenElement ? 'meeting.fullscreen.leave' : 'meeting.fullscreen')}
        </MenuItem>
      )}
      <MenuItem icon={Settings} onPick={() => dispatch({ type: 'overlay', show: 'settings' })}>{t('meeting.settings')}</MenuItem>
      <MenuItem icon={Keyboard} hint="?" onPick={() => dispatch({ type: 'overlay', show: 'help' })}>{t('meeting.shortcuts')}</MenuItem>
    </Menu>
  );
}
