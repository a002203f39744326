/** Stand-ins for the devices of a page, put in before its own scripts run. */

import type { Page } from '@playwright/test';

/** What may go wrong when a page asks for a camera or microphone. */
export interface DeviceTrouble {
  /** The name of the `DOMException`. */
  error: 'NotAllowedError' | 'NotFoundError' | 'NotReadableError' | 'InvalidStateError';
  /** Its message, by which Chromium tells who refused. */
  message: string;
  /** Whether only one kind fails. */
  only?: 'audio' | 'video';
}

/** Makes every request for devices fail until `mendDevices`. */
export async function breakDevices(page: Page, trouble: DeviceTrouble): Promise<void> {
  await page.addInitScript(refuseDevices, trouble);
}

/** Runs in the page, before its own scripts. */
export function refuseDevices(trouble: DeviceTrouble): void {
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
}

/** Lets requests through again, as when somebody plugs the camera in. */
export async function mendDevices(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { __mendDevices: () => void }).__mendDevices());
}

/** What the stand-ins below leave in the page for the specs. */
interface Sockets {
  /** Takes these devices away, as if their plugs were pulled. */
  __unplug: (kind: MediaDeviceKind, ids: string[]) => void;
  /** Puts all of them in again. */
  __plugIn: () => void;
  /** Ends what is captured, while the devices stay. */
  __end: () => void;
}

/** Makes devices that can be unplugged. */
export async function useSockets(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { prototype } = MediaDevices;
    const ask = prototype.getUserMedia;
    const list = prototype.enumerateDevices;
    const taken = new Set<MediaStreamTrack>();
    let gone: string[] = [];
    // An id alone does not do: the default microphone and the default speaker have the same.
    const nameOf = (kind: MediaDeviceKind, id: string): string => `${kind} ${id}`;
    const changed = (): boolean => navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    const left = async (): Promise<MediaDeviceInfo[]> =>
      (await list.call(navigator.mediaDevices)).filter((one) => !gone.includes(nameOf(one.kind, one.deviceId)));
    const end = (concerned: (track: MediaStreamTrack) => boolean): void => {
      for (const track of taken) {
        if (track.readyState === 'live' && concerned(track)) {
          // Nobody in the page stopped it, so that the page is told.
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
      }
    };
    Object.assign(window, {
      __unplug: (kind, ids) => {
        gone = [...gone, ...ids.map((id) => nameOf(kind, id))];
        end((track) => kind.startsWith(track.kind) && ids.includes(track.getSettings().deviceId ?? ''));
        changed();
      },
      __end: () => end(() => true),
      __plugIn: () => {
        gone = [];
        changed();
      },
    } satisfies Sockets);
    prototype.enumerateDevices = left;
    const settle = async (wanted: MediaTrackConstraints, kind: MediaDeviceKind): Promise<MediaTrackConstraints> => {
      const there = (await left()).filter((one) => one.kind === kind);
      const [first] = there;
      if (first === undefined) {
        throw new DOMException('Requested device not found', 'NotFoundError');
      }
      const { deviceId } = wanted;
      const isExact = typeof deviceId === 'object' && !Array.isArray(deviceId) && deviceId.exact !== undefined;
      const asked = JSON.stringify(deviceId ?? '');
      if (isExact && !there.some((one) => asked.includes(one.deviceId))) {
        throw new OverconstrainedError('deviceId');
      }
      return there.some((one) => asked.includes(one.deviceId)) ? wanted : { ...wanted, deviceId: { exact: first.deviceId } };
    };
    prototype.getUserMedia = async function (constraints = {}) {
      const { audio, video } = constraints;
      const plain = (wanted: boolean | MediaTrackConstraints): MediaTrackConstraints => (wanted === true ? {} : wanted || {});
      const stream = await ask.call(
        this,
        gone.length === 0
          ? constraints
          : {
              ...(audio ? { audio: await settle(plain(audio), 'audioinput') } : {}),
              ...(video ? { video: await settle(plain(video), 'videoinput') } : {}),
            },
      );
      for (const track of stream.getTracks()) {
        taken.add(track);
      }
      return stream;
    };
  });
}

/** The devices of a kind that the page sees now. */
export function devicesOf(page: Page, kind: MediaDeviceKind): Promise<{ id: string; label: string }[]> {
  return page.evaluate(
    async (kind) =>
      (await navigator.mediaDevices.enumerateDevices())
        .filter((one) => one.kind === kind)
        .map((one) => ({ id: one.deviceId, label: one.label })),
    kind,
  );
}

/** Pulls the plug of these devices of a kind. */
export async function unplug(page: Page, kind: MediaDeviceKind, ids: string[]): Promise<void> {
  await page.evaluate(({ kind, ids }) => (window as unknown as Sockets).__unplug(kind, ids), { kind, ids });
}

/** Pulls the plug of all devices of a kind. */
export async function unplugAll(page: Page, kind: MediaDeviceKind): Promise<void> {
  await unplug(
    page,
    kind,
    (await devicesOf(page, kind)).map((one) => one.id),
  );
}

/** Puts everything in again. */
export async function plugIn(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as Sockets).__plugIn());
}

/** Ends what the page captures, as a driver does that gives up; the devices stay. */
export async function endCaptures(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as Sockets).__end());
}

/** Gives the page a microphone whose own switch is off. */
export async function silenceMicrophone(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { prototype } = MediaDevices;
    const ask = prototype.getUserMedia;
    prototype.getUserMedia = async function (constraints) {
      const stream = await ask.call(this, constraints);
      for (const track of stream.getAudioTracks()) {
        const settings = track.getSettings();
        track.stop();
        stream.removeTrack(track);
        const sound = new AudioContext();
        const out = sound.createMediaStreamDestination();
        const nothing = new ConstantSourceNode(sound, { offset: 0 });
        nothing.connect(out);
        nothing.start();
        for (const silence of out.stream.getAudioTracks()) {
          silence.getSettings = () => settings;
          stream.addTrack(silence);
        }
      }
      return stream;
    };
  });
}

/** Leaves the browser's question for camera and microphone unanswered until `answerPermission`. */
export async function delayPermission(page: Page): Promise<void> {
  await page.addInitScript(askFirst);
}

/** Runs in the page, before its own scripts. */
export function askFirst(): void {
  const { prototype } = MediaDevices;
  const ask = prototype.getUserMedia;
  const { query } = Permissions.prototype;
  let isAnswered = false;
  let open = 0;
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  Object.assign(window, {
    __questions: () => open,
    __answerPermission: () => {
      isAnswered = true;
      answer();
    },
  });
  prototype.getUserMedia = async function (constraints) {
    open += 1;
    await answered;
    try {
      return await ask.call(this, constraints);
    } finally {
      open -= 1;
    }
  };
  Permissions.prototype.query = async function (about) {
    const status = await query.call(this, about);
    const concerned = ['camera', 'microphone'].includes(about.name);
    return concerned ? Object.defineProperty(status, 'state', { value: isAnswered ? 'granted' : 'prompt' }) : status;
  };
}

/** How many questions of the page for devices have no answer yet. */
export function questions(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { __questions: () => number }).__questions());
}

/** Presses the browser's own Allow. */
export async function answerPermission(page: Page): Promise<void> {
  await page.evaluate(sayYes);
}

/** Runs in the page. */
export function sayYes(): void {
  (window as unknown as { __answerPermission: () => void }).__answerPermission();
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
      const tracks = canvas.captureStream(8).getVideoTracks();
      const camera = (await list.call(navigator.mediaDevices)).find((one) => one.kind === 'videoinput');
      for (const track of tracks) {
        const settings = track.getSettings.bind(track);
        track.getSettings = () => ({ ...settings(), deviceId: camera?.deviceId ?? '' });
      }
      return tracks;
    };
    prototype.getUserMedia = async function (constraints) {
      const { video, ...rest } = constraints ?? {};
      const sounds = rest.audio ? (await ask.call(this, rest)).getTracks() : [];
      const pictures = video ? await film() : [];
      return new MediaStream([...sounds, ...pictures]);
    };
  }, portrait);
}
