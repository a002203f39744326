import { useState, type ReactElement, type ReactNode } from 'react';
import {
  AudioLines, Bell, ChevronUp, Command, Copy, Ellipsis, Eye, EyeOff, Image, Keyboard, Leaf, Maximize, Mic, MicOff, PictureInPicture2, ScreenShare,
  ScreenShareOff, Settings, SlidersHorizontal, Video, Volume2, VideoOff, type LucideIcon,
} from 'lucide-react';
import type { Capture, LayoutChoice } from '../../core/state';
import type { Deed } from '../../core/shortcuts';
import {
  HoldKey, JoinDialog, JoinItems, JoinKeys, KeypadItem, KeypadKey, KeypadPanel, useKeypad, type KeypadState, type Picks,
} from '../calling/CallKeys';
import { useCall } from '../calling/use-call';
import { useDispatch, useSelect, useSpeech } from '../context';
import { SAVERS, type Saver } from '../../core/viewing';
import { DeviceChoices } from '../kit/DevicePick';
import { DressingCheck } from '../kit/DressingSwitches';
import { useKeyFace } from '../kit/key-hint';
import { Level } from '../kit/Level';
import { Menu, MenuChoice, MenuGroup, MenuItem } from '../kit/Menu';
import { useNarrow } from '../kit/use-narrow';
import { GestureKeys, NarrowItems, PanelKeys } from './BesideKeys';
import { useMeeting, useStaged } from './floor';
import { Key } from './Key';
import { LAYOUT_FACES, layoutChoices, layoutShown } from './layouts';
import { LeaveKey } from './LeaveMenu';
import { walkBar } from './walk';
import css from './Controls.module.css';

/** The control bar: always the same keys in the same order. */
export function Controls(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const call = useCall();
  const narrow = useNarrow();
  const keypad = useKeypad(call);
  return (
    <>
    <div className="bar" role="toolbar" aria-label={t('meeting.controls')} onKeyDown={walkBar}>
      <div className="keys">
        <Source
          kind="microphone"
          names={[t('meeting.mute'), t('meeting.unmute')]}
          icons={[Mic, MicOff]}
          deed="microphone"
          menu={t('meeting.microphone-options')}
        >
          <DeviceChoices kind="microphone" />
          <Hearing />
          <DressingCheck dressing="noise" />
          <hr />
          <DeviceChoices kind="speaker" />
          <MenuItem icon={AudioLines} stays onPick={() => dispatch({ type: 'devices/tone' })}>{t('prejoin.test')}</MenuItem>
        </Source>
        <Source
          kind="camera"
          names={[t('meeting.stop-video'), t('meeting.start-video')]}
          icons={[Video, VideoOff]}
          deed="camera"
          menu={t('meeting.camera-options')}
        >
          <DeviceChoices kind="camera" />
          <DressingCheck dressing="blur" />
        </Source>
      </div>
      <div className="keys">
        <Sharing />
        {call === null ? <GestureKeys /> : <><HoldKey call={call} /><KeypadKey call={call} keypad={keypad} /></>}
      </div>
      <div className="keys">
        {call !== null && !narrow && <JoinKeys call={call} />}
        <PanelKeys />
        <span className={css['more']} data-panel-key="more"><More keypad={keypad} /></span>
      </div>
      <div className="keys">
        <LeaveKey />
      </div>
    </div>
    {call !== null && <KeypadPanel call={call} keypad={keypad} />}
    </>
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
  const narrow = useNarrow();
  if (!can || narrow) return null;
  return (
    <Key
      name={t(sharing ? 'meeting.stop-sharing' : 'meeting.share')}
      icon={sharing ? ScreenShareOff : ScreenShare}
      deed="share"
      pressed={sharing}
      onPress={() => dispatch({ type: 'call/share' })}
    />
  );
}

/** Microphone or camera: the key, and behind the arrow its devices. */
function Source({ kind, names, icons, deed, menu, children }: {
  readonly kind: Capture;
  readonly names: readonly [string, string];
  readonly icons: readonly [LucideIcon, LucideIcon];
  readonly deed: Deed;
  readonly menu: string;
  readonly children: ReactNode;
}): ReactElement {
  const dispatch = useDispatch();
  const t = useSpeech();
  const on = useSelect((state) => state.devices[kind].wanted);
  // A page that is not secure gets no devices: the key says so before it is pressed, and when it is.
  const unable = useSelect((state) => state.browser.media === 'insecure');
  const press = (): void => dispatch({ type: 'devices/toggle', kind });
  if (unable) {
    return <Key name={names[1]} icon={icons[1]} className="unable" why={`${t(`trouble.${kind}.insecure`)}. ${t('remedy.insecure')}`} onPress={press} />;
  }
  return (
    <span className="keysplit">
      <Key
        name={on ? names[0] : names[1]}
        icon={on ? icons[0] : icons[1]}
        deed={deed}
        pressed={!on}
        className={on ? undefined : 'off'}
        onPress={press}
      />
      <Menu label={menu} className="key caret" side="up" align="start" face={<ChevronUp className="i" aria-hidden="true" />}>
        {children}
      </Menu>
    </span>
  );
}

function More({ keypad }: { readonly keypad: KeypadState }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const face = useKeyFace();
  const call = useCall();
  const calls = call !== null;
  const narrow = useNarrow();
  const [picks, setPicks] = useState<Picks | null>(null);
  const settings = (): void => dispatch({ type: 'overlay', show: 'settings' });
  return (
    <>
    <Menu
      label={t('meeting.more')}
      className="key"
      side="up"
      align="center"
      face={<><Ellipsis className="i" aria-hidden="true" /><span className="lbl">{t('meeting.more')}</span></>}
    >
      {call !== null && <KeypadItem call={call} keypad={keypad} />}
      {call !== null && narrow && <JoinItems call={call} onPick={setPicks} />}
      <NarrowItems />
      <Layouts />
      {!calls && <MenuItem icon={Copy} onPick={() => dispatch({ type: 'call/copy-link' })}>{t('meeting.copy')}</MenuItem>}
      <FullScreenItem />
      <SmallWindowItem />
      <MyPicture />
      <Savers />
      <hr />
      {/* Where the bar has no room for the arrows beside microphone and camera. */}
      <MenuItem icon={SlidersHorizontal} className="narrowonly" onPick={settings}>{t('settings.devices')}</MenuItem>
      <MenuItem icon={Command} hint={face('palette')} onPick={() => dispatch({ type: 'overlay', show: 'palette' })}>{t('help.palette')}</MenuItem>
      <MenuItem icon={Bell} onPick={() => dispatch({ type: 'overlay', show: 'notices' })}>{t('notices.title')}</MenuItem>
      <MenuItem icon={Settings} onPick={settings}>{t('meeting.settings')}</MenuItem>
      <MenuItem icon={Keyboard} hint={face('help')} onPick={() => dispatch({ type: 'overlay', show: 'help' })}>{t('meeting.shortcuts')}</MenuItem>
    </Menu>
    {call !== null && <JoinDialog call={call} what={picks} onClose={() => setPicks(null)} />}
    </>
  );
}

const AUTO: readonly LayoutChoice[] = ['auto'];

function Layouts(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const layouts = useStaged((_, there) => layoutChoices(there));
  const shown = useStaged((meeting, there) => (meeting.layout === 'auto' ? 'auto' : layoutShown(meeting, there)));
  if (layouts.length < 2) return null;
  return (
    <>
      <MenuGroup name={t('meeting.layout')}>
        {AUTO.concat(layouts).map((layout) => (
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
  const face = useKeyFace();
  // Read as the menu opens: it closes with the choice.
  const [full] = useState(() => document.fullscreenElement !== null);
  if (!can) return null;
  return (
    <MenuItem icon={Maximize} hint={face('fullscreen')} onPick={() => dispatch({ type: 'stage/fullscreen' })}>
      {t(full ? 'meeting.fullscreen.leave' : 'meeting.fullscreen')}
    </MenuItem>
  );
}

function SmallWindowItem(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const can = useSelect((state) => state.browser.pictureInPicture !== 'none');
  const face = useKeyFace();
  const open = useMeeting((meeting) => meeting.pip);
  if (!can) return null;
  return (
    <MenuItem icon={PictureInPicture2} hint={face('pip')} onPick={() => dispatch({ type: 'stage/pip' })}>
      {t(open ? 'meeting.pip.leave' : 'meeting.pip')}
    </MenuItem>
  );
}

function MyPicture(): ReactElement | null {
  const t = useSpeech();
  const dispatch = useDispatch();
  const hidden = useSelect((state) => state.viewing.selfHidden);
  const alone = useMeeting((meeting) => meeting.seats.length === 0);
  if (alone) return null;
  return (
    <MenuItem icon={hidden ? Eye : EyeOff} onPick={() => dispatch({ type: 'view/self', hidden: !hidden })}>
      {t(hidden ? 'meeting.self.show' : 'meeting.self.hide')}
    </MenuItem>
  );
}

const SAVER_FACES = {
  off: { icon: Image, key: 'meeting.saver.off' },
  data: { icon: Leaf, key: 'meeting.saver.data' },
  sound: { icon: Volume2, key: 'meeting.saver.sound' },
} as const satisfies Readonly<Record<Saver, unknown>>;

/** How much of the others' pictures is fetched. */
function Savers(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const on = useSelect((state) => state.viewing.saver);
  return (
    <>
      <hr />
      <MenuGroup name={t('meeting.saver')}>
        {SAVERS.map((saver) => (
          <MenuChoice key={saver} icon={SAVER_FACES[saver].icon} ticked={saver === on} onPick={() => dispatch({ type: 'view/saver', saver })}>
            {t(SAVER_FACES[saver].key)}
          </MenuChoice>
        ))}
      </MenuGroup>
    </>
  );
}
