/** Starts the two browsers with fake cameras and microphones, headless, and with nothing that phones home. */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { chromium, type Browser as Chromium, type BrowserContextOptions } from '@playwright/test';
import { connect, launch, type Browser as Firefox } from 'puppeteer-core';

import { keepConnections } from './probe.ts';
import { ChromiumTab, FirefoxTab } from './tab.ts';

/** Where Debian and Ubuntu put the browsers; `CHROMIUM`, `CHROMIUM_SHELL` and `FIREFOX` name others. */
const CHROMIUM = process.env['CHROMIUM'] || '/usr/bin/chromium';
/** The same browser without what is around a page, its windows and notices of the system: a quarter less work for the processor. */
const BARE = '/usr/bin/chromium-headless-shell';
const SHELL = process.env['CHROMIUM_SHELL'] || (process.env['CHROMIUM'] === undefined && existsSync(BARE) ? BARE : CHROMIUM);
export const FIREFOX = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr';

/** Whether there is a Firefox to test with. */
export function hasFirefox(): boolean {
  return existsSync(FIREFOX);
}

/** A name of this machine that browsers do not take for the machine itself: by http its pages are not secure. */
export const PLAIN_HOST = 'parlor.test';

/** Flags without which a headless Chromium has no camera, hides its addresses or talks to its maker. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  // Cameras to change between. The second and third speak formats that only stand-ins have; of microphones there are
  // always two and a default. Eight pictures a second move as well as twenty, and a page without graphics draws and
  // encodes each with the processor.
  '--use-fake-device-for-media-stream=device-count=4,fps=8',
  '--use-fake-ui-for-media-stream',
  // There is none, and one that is played by the processor costs it a sixth of a test; without, pages are drawn by Skia alone.
  '--disable-gpu',
  `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`,
  '--autoplay-policy=no-user-gesture-required',
  // Also: pages that the tests make up have no address, so that the server's would be out of their reach.
  '--disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter,OptimizationHints,Translate,LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,LocalNetworkAccessChecksWebRTC',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--no-first-run',
  '--no-proxy-server',
];

/** The tone of Firefox's fake microphone, in hertz. */
export const FIREFOX_TONE = 660;

/** The same for Firefox. Host addresses must not be hidden behind mDNS names, which nothing resolves here. */
const FIREFOX_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.audio.fake_frequency': FIREFOX_TONE,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.gmp-manager.updateEnabled': false,
  'network.proxy.type': 0,
  'dom.min_background_timeout_value': 4,
  // Without graphics each picture of the page is work for the processor; what is tested needs no sixty a second.
  'layout.frame_rate': 20,
  'fission.autostart': false,
  'dom.ipc.processCount': 2,
};

const WINDOW = ['--width=1280', '--height=800'];

/** What the driver sets by itself where it starts a Firefox: nothing is asked, fetched or told at the first start. */
const QUIET = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.tabs.warnOnClose': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'remote.active-protocols': 1,
  'toolkit.telemetry.enabled': false,
};

/** Which program is Chromium: `whole` where notices of the system are looked at, devices keep their names, or a lab is its network. */
export const chromiumProgram = (whole: boolean): string => (whole ? CHROMIUM : SHELL);

/** Starts Chromium, by its own program or one that leads to it, with variables of its own where some are given. */
export function startChromium(extra: string[] = [], program = SHELL, variables?: Record<string, string>): Promise<Chromium> {
  const env = variables && { ...inherited(), ...variables };
  return chromium.launch({ executablePath: program, headless: true, args: [...CHROMIUM_FLAGS, ...extra], ...(env && { env }) });
}

function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined));
}

/** Starts Firefox, in a profile that is furnished already where one is given, with preferences beside those of all tests. */
export function startFirefox(profile?: string, more: Record<string, string | number | boolean> = {}): Promise<Firefox> {
  return launch({
    ...(profile !== undefined && { userDataDir: profile }),
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    extraPrefsFirefox: { ...FIREFOX_PREFERENCES, ...more },
    args: WINDOW,
  });
}

/** What a Firefox that was not started by its driver needs besides a profile. */
export const FIREFOX_FLAGS = ['--headless', '--no-remote', ...WINDOW];

/** Furnishes an empty folder as a profile. */
export function firefoxProfile(folder: string, more: Record<string, string>): void {
  const line = ([name, value]: [string, string | number | boolean]): string => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`;
  const all = { ...QUIET, ...FIREFOX_PREFERENCES, ...more };
  writeFileSync(join(folder, 'user.js'), Object.entries(all).map(line).join(''));
}

/** Drives a Firefox through a port that leads to its own, which it wants to be asked for. */
export function connectFirefox(port: number, own: number): Promise<Firefox> {
  const browserWSEndpoint = `ws://127.0.0.1:${port}/session`;
  return connect({ browserWSEndpoint, protocol: 'webDriverBiDi', headers: { Host: `127.0.0.1:${own}` } });
}

/** A new person at a new Chromium: own storage, own page. */
export async function chromiumTab(browser: Chromium, options: BrowserContextOptions = {}): Promise<ChromiumTab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  await context.addInitScript(keepConnections);
  const tab = new ChromiumTab(await context.newPage(), context);
  await tab.furnish();
  return tab;
}

/** A new person at a new Firefox: own storage, own page. */
export async function firefoxTab(browser: Firefox): Promise<FirefoxTab> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.evaluateOnNewDocument(keepConnections);
  const tab = new FirefoxTab(page, context);
  await tab.furnish();
  return tab;
}
