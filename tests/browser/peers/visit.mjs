// Opening our scene and the peers' alike: one browser context each, the same window, the same way of knowing when the
// scene is there. Our page asks for a click before it fetches the scene; it is clicked as soon as it can be.
import { setTimeout as pause } from 'node:timers/promises';

export const OURS = 'ours';
const SCENE = '/zh/luding/scene/';
const small = (height) => ({ viewport: { width: 480, height }, deviceScaleFactor: 1, locale: 'zh-CN' });
/** A small window, so that a software renderer draws frames enough: peers fill theirs with what our page leaves to its canvas. */
export const windowOf = (side) => small(side === OURS ? 270 : 340);

export const NETWORKS = {
  slow: { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 },
  fair: { offline: false, latency: 60, downloadThroughput: 9e6 / 8, uploadThroughput: 3e6 / 8 },
};

/** Runs in the page before anything of its own. */
function watch() {
  const bench = { ready: null, whole: null, tasks: [], shown: [], entered: null };
  globalThis.bench = bench;
  const note = (name) => { bench[name] ??= performance.now(); };
  addEventListener('retrace:said', ({ detail }) => {
    const { type } = JSON.parse(detail);
    if (type === 'ready') note('ready');
    if (type === 'failed') bench.failed = detail;
  });
  addEventListener('peer:ready', () => note('ready'));
  addEventListener('peer:whole', () => note('whole'));
  new PerformanceObserver((list) => bench.tasks.push(...list.getEntries().map(({ startTime, duration }) => [startTime, duration])))
    .observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => bench.shown.push(...list.getEntries().map(({ startTime, size, url }) => ({ at: startTime, size, url }))))
    .observe({ type: 'largest-contentful-paint', buffered: true });
  const doors = new MutationObserver(() => {
    const door = document.querySelector('[data-hook="enter"]:enabled');
    if (!door || bench.entered || location.pathname.indexOf('/scene/') < 0) return;
    note('entered');
    doors.disconnect();
    door.click();
  });
  doors.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] });
}

/**
 * Opens `address` in a context of its own and gives `{ context, page, cdp, errors }`. The content security policy is
 * passed by for all alike: model-viewer brings its style within its script.
 */
export async function open(browser, url, address, { network = null, slower = 1, before = null, context: given = null, window } = {}) {
  const context = given ?? await browser.newContext({ ...window, baseURL: url, serviceWorkers: 'block', bypassCSP: true });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  if (network) await cdp.send('Network.emulateNetworkConditions', network);
  if (slower !== 1) await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.addInitScript(watch);
  if (before) await page.addInitScript(before);
  await page.goto(address, { waitUntil: 'commit', timeout: 120_000 });
  return { context, page, cdp, errors };
}

/** Where a side's scene lies: ours, or a peer's of this name. */
export const addressOf = (side, pages, scene, { station = false } = {}) =>
  side === OURS ? `${SCENE}${station ? '#mid-span' : ''}` : `${pages[side][scene]}${station ? '#station' : ''}`;

/** Waits for a mark of `bench`, milliseconds since the navigation began. */
export async function when(page, mark, { seconds = 240 } = {}) {
  for (const end = Date.now() + seconds * 1000; ;) {
    const { at, failed } = await page.evaluate((name) => ({ at: globalThis.bench?.[name], failed: globalThis.bench?.failed }), mark);
    if (at) return at;
    if (failed) throw new Error(`the scene failed: ${failed}`);
    if (Date.now() > end) throw new Error(`${page.url()}: not ${mark} in ${seconds} s`);
    await pause(200);
  }
}

/** Frames drawn so far, and the eye: `{ frame, x, y, z, yaw }`, metres and radians. */
export const look = (page, side) => (side === OURS
  ? page.evaluate(async () => {
    const { frame, eye: { x, y, z, yaw }, tier, draws, triangles, canvas } = JSON.parse((await import(`${document.body.dataset.app}companion.js`)).probe());
    return { frame, x, y, z, yaw, tier, draws, triangles, canvas };
  })
  : page.evaluate(() => {
    const { eye: [x, y, z], yaw } = globalThis.peer.gaze();
    return { frame: globalThis.peer.frame, x, y, z, yaw };
  }));

/** Waits until so many more frames have been drawn. */
export async function frames(page, side, count, { seconds = 240 } = {}) {
  const { frame: from } = await look(page, side);
  for (const end = Date.now() + seconds * 1000; ;) {
    const now = await look(page, side);
    if (now.frame >= from + count) return now;
    if (Date.now() > end) throw new Error(`${side}: ${now.frame - from} frames of ${count} in ${seconds} s`);
    await pause(100);
  }
}

/** Tells our scene something; peers are told nothing. */
export const tell = (page, side, told) => (side === OURS
  ? page.evaluate((detail) => { dispatchEvent(new CustomEvent('retrace:told', { detail })); }, JSON.stringify(told)) : null);
