// What this browser is and can do, read once.

import type { Browser } from '../core/state';

function family(agent: string): Browser['family'] {
  if (/firefox|fxios/i.test(agent)) return 'firefox';
  if (/chrome|chromium|crios|edg/i.test(agent)) return 'chromium';
  return /safari/i.test(agent) ? 'safari' : 'other';
}

function system(agent: string): Browser['system'] {
  if (/android/i.test(agent)) return 'android';
  if (/iphone|ipad|ipod/i.test(agent)) return 'ios';
  if (/windows/i.test(agent)) return 'windows';
  if (/mac os x/i.test(agent)) return 'macos';
  return /linux|x11|cros/i.test(agent) ? 'linux' : 'other';
}

function media(): Browser['media'] {
  if (!('RTCPeerConnection' in window)) return 'missing';
  if ('mediaDevices' in navigator) return 'yes';
  return window.isSecureContext ? 'missing' : 'insecure';
}

export function readBrowser(): Browser {
  const agent = navigator.userAgent;
  return {
    family: family(agent),
    system: system(agent),
    media: media(),
    share: 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices,
    pickSpeaker: 'setSinkId' in HTMLMediaElement.prototype,
    fullscreen: document.fullscreenEnabled,
    origin: location.origin,
  };
}
