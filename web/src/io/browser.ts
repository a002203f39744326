// What this browser is and can do, read once.

import type { Browser } from '../core/state';
import { pictureInPicture } from './picture-in-picture';

/** Whose engine it is, by what it says of itself. */
export function family(agent: string): Browser['family'] {
  if (/firefox|fxios/i.test(agent)) return 'firefox';
  if (/chrome|chromium|crios|edg/i.test(agent)) return 'chromium';
  return /safari/i.test(agent) ? 'safari' : 'other';
}

/** `touches` is how many fingers the screen can tell apart: an iPad says that it is a Macintosh, which has none. */
export function system(agent: string, touches: number): Browser['system'] {
  if (/android/i.test(agent)) return 'android';
  if (/iphone|ipad|ipod/i.test(agent) || (/macintosh/i.test(agent) && touches > 1)) return 'ios';
  if (/windows/i.test(agent)) return 'windows';
  if (/mac os x/i.test(agent)) return 'macos';
  return /linux|x11|cros/i.test(agent) ? 'linux' : 'other';
}

function media(): Browser['media'] {
  if (!('RTCPeerConnection' in window)) return 'missing';
  if ('mediaDevices' in navigator) return 'yes';
  return window.isSecureContext ? 'missing' : 'insecure';
}

/** Both were tried in Chromium alone: elsewhere they are not offered, until they are tried there. */
function dressing(of: Browser['family']): Browser['dressing'] {
  const tried = of === 'chromium' && 'WebAssembly' in window;
  return {
    noise: tried && 'AudioWorkletNode' in window,
    blur: tried && 'MediaStreamTrackProcessor' in window && 'MediaStreamTrackGenerator' in window && 'OffscreenCanvas' in window,
  };
}

/** Whether this browser can make and use passkeys on this page. */
const passkeys = (): boolean => window.isSecureContext && 'PublicKeyCredential' in window && 'credentials' in navigator;

export function readBrowser(): Browser {
  const agent = navigator.userAgent;
  return {
    family: family(agent),
    system: system(agent, navigator.maxTouchPoints),
    media: media(),
    share: 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices,
    fullscreen: document.fullscreenEnabled,
    pictureInPicture: pictureInPicture(),
    dressing: dressing(family(agent)),
    origin: location.origin,
    passkeys: passkeys(),
    notices: 'Notification' in window,
    noticesOpen: 'Notification' in window && Notification.permission === 'default',
  };
}
