import type { ReactElement } from 'react';
import { ChevronDown, Mic, MicOff, Video, VideoOff, Volume2, type LucideIcon } from 'lucide-react';
import type { Device, Kind, State } from '../../core/state';
import { devicesOf, ticked } from '../../core/selectors';
import type { Speech } from '../../i18n/text';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Menu, MenuChoice, MenuGroup, MenuNone } from './Menu';

const ICON: Readonly<Record<Kind, LucideIcon>> = { microphone: Mic, camera: Video, speaker: Volume2 };
const OFF: Readonly<Record<Kind, LucideIcon>> = { microphone: MicOff, camera: VideoOff, speaker: Volume2 };

const KIND_NAME = { microphone: 'device.microphone', camera: 'device.camera', speaker: 'device.speaker' } as const;
const NTH = { microphone: 'device.microphone.n', camera: 'device.camera.n', speaker: 'device.speaker.n' } as const;

type Listed = Pick<State, 'devices'>;

export function deviceName(t: Speech, device: Device, index: number): string {
  return device.label === '' ? t(NTH[device.kind], { n: index + 1 }) : device.label;
}

/** What stands on the button: the device, or why there is none. */
function face(t: Speech, state: Listed, kind: Kind): { readonly text: string; readonly off: boolean } {
  const list = devicesOf(state, kind);
  const index = list.findIndex((device) => device.id === ticked(state, kind));
  const device = list[index];
  const named = device ? deviceName(t, device, index) : t(kind === 'speaker' ? 'device.default' : KIND_NAME[kind]);
  if (kind === 'speaker') return { text: named, off: false };
  const source = state.devices[kind];
  switch (source.trouble) {
    case 'refused-browser':
    case 'refused-system':
    case 'insecure':
      return { text: t(`device.${kind}.blocked`), off: true };
    case 'in-use':
      return { text: t(`device.${kind}.busy`), off: true };
    case 'none':
    case 'unplugged':
      return { text: t(`device.${kind}.missing`), off: true };
    case 'failed':
      return { text: t(`device.${kind}.failed`), off: true };
    case 'stopped':
      return { text: t(`device.${kind}.off`), off: true };
    case 'not-sent':
    case 'silent':
    case null:
      return source.wanted ? { text: named, off: false } : { text: t(`device.${kind}.off`), off: true };
  }
}

/** The ticked list of one kind, for use inside a menu. */
export function DeviceChoices({ kind }: { readonly kind: Kind }): ReactElement {
  const t = useSpeech();
  const state: Listed = { devices: useSelect((now) => now.devices) };
  const dispatch = useDispatch();
  const list = devicesOf(state, kind);
  const on = ticked(state, kind);
  return (
    <MenuGroup name={t(KIND_NAME[kind])}>
      {list.length === 0 && <MenuNone>{t(kind === 'speaker' ? 'device.default' : `device.${kind}.missing`)}</MenuNone>}
      {list.map((device, index) => (
        <MenuChoice
          key={device.id}
          icon={ICON[kind]}
          ticked={device.id === on}
          onPick={() => dispatch({ type: 'devices/choose', kind, id: device.id })}
        >
          {deviceName(t, device, index)}
        </MenuChoice>
      ))}
    </MenuGroup>
  );
}

/** A picker as pre-join and the settings show it. */
export function DevicePick({ kind }: { readonly kind: Kind }): ReactElement {
  const t = useSpeech();
  const state: Listed = { devices: useSelect((now) => now.devices) };
  const { text, off } = face(t, state, kind);
  const Icon = off ? OFF[kind] : ICON[kind];
  const body = (
    <>
      <Icon className="i" aria-hidden="true" />
      <span className="ellipsis">{text}</span>
    </>
  );
  if (devicesOf(state, kind).length === 0) return <div className="select" data-still>{body}</div>;
  return (
    <Menu
      label={t('device.named', { kind: t(KIND_NAME[kind]), name: text })}
      className="select"
      side="down"
      align="start"
      face={<>{body}<ChevronDown className="i" aria-hidden="true" /></>}
    >
      <DeviceChoices kind={kind} />
    </Menu>
  );
}
