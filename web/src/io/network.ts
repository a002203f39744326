// Whether this device has a network, as far as the browser knows: that there is one does not mean that it leads anywhere.

export function watchNetwork(tell: (online: boolean) => void): void {
  for (const type of ['online', 'offline'] as const) window.addEventListener(type, () => tell(navigator.onLine));
}
