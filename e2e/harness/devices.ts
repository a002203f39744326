/** Stand-ins for the devices of a page, put in before its own scripts run. */

import type { Page } from '@playwright/test';

/** What may go wrong when a page asks for a camera or microphone. */
export interface DeviceTrouble {
  /** The name of the `DOMException`. */
  error: 'NotAllowedError' | 'NotFoundError' | 'NotReadableError' | 'OverconstrainedError' | 'AbortError';
  /** Its message, by which Chromium tells who refused. */
  message: string;
  /** Whether only one kind fails. */
  only?: 'audio' | 'video';
}

/** Makes every request for devices fail until `mendDevices`. */
export async function breakDevices(page: Page, trouble: DeviceTrouble): Promise<void> {
  await page.addInitScript((trouble) => {
    const { prototype } = MediaDevices;
    const ask = prototype.getUserMedia;
    const list = prototype.enumerateDevices;
    let isBroken = true;
    Object.assign(window, {
      __mendDevices: () => {
        isBroken = false;
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      },
    });
    prototype.getUserMedia = function (constraints) {
      const wanted = trouble.only === undefined || Boolean(constraints?.[trouble.only]);
      return isBroken && wanted
        ? Promise.reject(new DOMException(trouble.message, trouble.error))
        : ask.call(this, constraints);
    };
    if (trouble.error === 'NotAllowedError' && !/system/.test(trouble.message)) {
      // Who refused in the browser finds it written there as well.
      const { query } = Permissions.prototype;
      Permissions.prototype.query = async function (asked) {
        const status = await query.call(this, asked);
        const concerned = ['camera', 'microphone'].includes(asked.name);
        return concerned ? Object.defineProperty(status, 'state', { value: isBroken ? 'denied' : 'granted' }) : status;
      };
    }
    prototype.enumerateDevices = async function () {
      const all = await list.call(this);
      if (!isBroken || trouble.error !== 'NotFoundError') {
        return all;
      }
      const gone = trouble.only === undefined ? ['audioinput', 'videoinput'] : [`${trouble.only}input`];
      return all.filter((one) => !gone.includes(one.kind));
    };
  }, trouble);
}

/** Lets requests through again, as when somebody plugs the camera in. */
export async function mendDevices(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { __mendDevices: () => void }).__mendDevices());
}

/** Gives the page a drawn person for a camera, and device names as people know them. */
export async function becomeFace(page: Page, portrait: string): Promise<void> {
  await page.addInitScript((portrait) => {
    const names: Record<string, string> = {
      audioinput: 'Desk microphone',
      videoinput: 'Built-in camera',
      audiooutput: 'Headphones',
    };
    const { prototype } = MediaDevices;
    const ask = prototype.getUserMedia;
    const list = prototype.enumerateDevices;
    prototype.enumerateDevices = async function () {
      const all = await list.call(this);
      const first = all.filter((one, index) => all.findIndex((other) => other.kind === one.kind) === index);
      return first.map((one) => ({ ...one.toJSON(), label: names[one.kind] ?? one.label, toJSON: () => one.toJSON() }));
    };
    const film = async (): Promise<MediaStreamTrack[]> => {
      const image = new Image();
      image.src = `data:image/svg+xml;utf8,${encodeURIComponent(portrait)}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [1280, 720];
      const still = new OffscreenCanvas(canvas.width, canvas.height);
      still.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
      const pen = canvas.getContext('2d');
      let tick = 0;
      const draw = (): void => {
        pen?.drawImage(still, 0, 0);
        tick += 1;
        if (pen !== null) {
          pen.fillStyle = tick % 2 === 0 ? '#888' : '#898989';
          pen.fillRect(0, 0, 2, 2);
        }
      };
      draw();
      setInterval(draw, 125);
      return canvas.captureStream(8).getVideoTracks();
    };
    prototype.getUserMedia = async function (constraints) {
      const { video, ...rest } = constraints ?? {};
      const sounds = rest.audio ? (await ask.call(this, rest)).getTracks() : [];
      const pictures = video ? await film() : [];
      return new MediaStream([...sounds, ...pictures]);
    };
  }, portrait);
}
