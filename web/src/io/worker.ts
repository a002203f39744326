// Registers the service worker, which keeps what the page needs to say that it is offline. See src/worker/.

import { allowScript } from './trusted';

const WORKER = '/sw.js';

/** After the page has loaded, so that it takes no line from what is needed at once; on secure origins alone, as browsers ask. */
export function registerWorker(): void {
  if (!import.meta.env.PROD || !window.isSecureContext || !('serviceWorker' in navigator)) return;
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}

function register(): void {
  allowScript(WORKER);
  // Without it the page does all but open offline: nothing to tell anybody.
  void navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' }).catch(() => undefined);
}
