// One table: bytes, times on a slow network with a slow processor, main-thread cost and memory of the scene.
// `node bench.mjs [runs]`; medians and ranges of 3 runs unless told otherwise.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { LAPTOP, PHONE, ROOT, openBrowser, startService } from './harness.mjs';
import { until } from './steps.mjs';

const RUNS = Number(process.argv[2] ?? 3);
const SLOW = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const WEB = join(ROOT, 'target/web');
const SCENE = '/zh/luding/scene/';

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const spread = (values, digits = 0, unit = '') =>
  values.length ? `${median(values).toFixed(digits)}${unit} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})` : 'not reached';
const kB = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

/** What goes over the wire for `path`: its brotli twin where there is one. */
const wire = (path) => {
  const twin = statSync(`${path}.br`, { throwIfNoEntry: false });
  return (twin ?? statSync(path)).size;
};

function bytes() {
  // The edition before is kept for visits under way; only the present one is weighed.
  const [, ...folders] = readFileSync(join(ROOT, 'target/edition.txt'), 'utf8').trim().split('\n');
  const all = folders.flatMap((folder) => files(join(WEB, folder))).filter((path) => !path.endsWith('.br'));
  const sum = (chosen) => chosen.reduce((total, path) => total + wire(path), 0);
  const site = all.filter((path) => path.includes('/sites/luding/'));
  const scene = JSON.parse(readFileSync(site.find((path) => path.endsWith('site.json')))).scene;
  const first = new Set(scene.models.filter((model) => model.level === 0).map((model) => model.file));
  const sound = site.filter((path) => /\/(narration|captions|ambience)\//.test(path));
  const texture = site.filter((path) => path.includes('/textures/'));
  const small = texture.filter((path) => /_256\./.test(path));
  return {
    lobby: sum(all.filter((path) => /lobby(_bg)?\.(js|wasm)$/.test(path))),
    lobbyWasm: sum(all.filter((path) => path.endsWith('lobby_bg.wasm'))),
    companion: sum(all.filter((path) => path.endsWith('companion_bg.wasm'))),
    firstLevel: sum([...site.filter((path) => path.endsWith('site.json') || first.has(path.split('/').pop())), ...(small.length ? small : texture)]),
    whole: sum(site.filter((path) => !sound.includes(path))),
  };
}

async function measured(browser, url, path, { slow, device }) {
  const context = await browser.newContext({ ...device, baseURL: url, serviceWorkers: 'block' });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  if (slow) {
    await cdp.send('Network.emulateNetworkConditions', SLOW);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  }
  await page.addInitScript(() => {
    globalThis.bench = { said: [] };
    addEventListener('retrace:said', (event) => {
      const said = JSON.parse(event.detail);
      if (said.type !== 'loading') globalThis.bench.said.push([said.type, performance.now()]);
    });
  });
  await page.goto(path, { waitUntil: 'commit' });
  return { context, page, cdp };
}

async function reading(browser, url) {
  const { context, page } = await measured(browser, url, '/zh/luding/', { slow: true, device: PHONE });
  const { readable, before, awaited } = await until(page, () => {
    const [painted] = performance.getEntriesByName('first-contentful-paint');
    const [page] = performance.getEntriesByType('navigation');
    const resources = performance.getEntriesByType('resource');
    const bytes = (of) => of.reduce((sum, { transferSize }) => sum + transferSize, page.transferSize);
    return painted && {
      readable: painted.startTime,
      before: bytes(resources.filter(({ responseEnd }) => responseEnd > 0 && responseEnd <= painted.startTime)),
      awaited: bytes(resources.filter((entry) => entry.renderBlockingStatus === 'blocking')),
    };
  });
  await page.waitForFunction(() => document.documentElement.dataset.lobby === 'live', null, { timeout: 60_000 });
  const live = await page.evaluate(() => performance.now());
  await context.close();
  return { readable, live, before, awaited };
}

async function scene(browser, url) {
  const { context, page } = await measured(browser, url, SCENE, { slow: true, device: { ...PHONE, viewport: { width: 480, height: 270 } } });
  await page.locator('[data-hook="enter"]').click({ timeout: 60_000 });
  const started = await page.evaluate(() => performance.now());
  await page.waitForFunction(() => globalThis.bench.said.some(([type]) => type === 'ready'), null, { timeout: 180_000 });
  const ready = await page.evaluate(() => globalThis.bench.said.find(([type]) => type === 'ready')[1]);
  await context.close();
  return ready - started;
}

/** Resident bytes of the largest page process, which is the one that holds the scene. */
async function resident(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const kilobytes = processInfo.filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(readFileSync(`/proc/${id}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]));
  return Math.max(...kilobytes) * 1024;
}

/** Main-thread milliseconds per frame of the scene at a station in the middle tier, the drawing itself left out: every draw call is counted, not made. */
async function frames(browser, url, station) {
  const { context, page, cdp } = await measured(browser, url, `${SCENE}#${station}`, { slow: false, device: { ...LAPTOP, viewport: { width: 480, height: 270 } } });
  await page.locator('[data-hook="enter"]').click();
  await page.waitForFunction(() => globalThis.bench.said.some(([type]) => type === 'ready'), null, { timeout: 120_000 });
  await page.evaluate(() => {
    const gl = WebGL2RenderingContext.prototype;
    for (const name of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced']) gl[name] = () => {};
  });
  // Frames are those that the scene has made: at rest it makes fewer than the browser shows.
  const probe = () => page.evaluate(async () => JSON.parse((await import(`${document.body.dataset.app}companion.js`)).probe()));
  const reached = (frame) => until(page, async (target) => {
    const { probe: ask } = await import(`${document.body.dataset.app}companion.js`);
    return JSON.parse(ask()).frame >= target;
  }, frame, { seconds: 120 });
  await page.evaluate(() => dispatchEvent(new CustomEvent('retrace:told', { detail: JSON.stringify({ type: 'quality', tier: 'middle' }) })));
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const now = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return { task: metrics.find((metric) => metric.name === 'TaskDuration').value, ...(await probe()) };
  };
  await reached((await probe()).frame + 60);
  const from = await now();
  await reached(from.frame + 100);
  const to = await now();
  const count = to.frame - from.frame;
  const memory = await resident(browser);
  await context.close();
  return { ms: ((to.task - from.task) * 1000) / count, draws: to.draws, triangles: to.triangles, memory };
}

const service = await startService();
const rows = [];
const row = (what, value, budget = '') => rows.push([what, value, budget]);
try {
  const size = bytes();
  row('lobby.wasm, brotli', kB(size.lobbyWasm), '≤ 150 kB');
  row('companion.wasm, brotli', kB(size.companion), '≤ 3 000 kB');
  row('Luding, first level', kB(size.firstLevel), '≤ 600 kB');
  row('Luding, whole, sound apart', kB(size.whole), '≤ 6 000 kB');
  const browser = await openBrowser();
  const read = [], ready = [];
  for (let run = 0; run < RUNS; run += 1) {
    read.push(await reading(browser, service.url));
    ready.push(await scene(browser, service.url));
  }
  row('first page: bytes come by when it reads', kB(median(read.map((r) => r.before))), '≤ 60 kB');
  row('of these, what its reading waits for', kB(median(read.map((r) => r.awaited))));
  row('readable text, 1.6 Mbit/s, 4× CPU', spread(read.map((r) => r.readable / 1000), 1, ' s'));
  row('lobby live, same', spread(read.map((r) => r.live / 1000), 1, ' s'));
  row('first 3D frame and walkable, same', spread(ready.map((ms) => ms / 1000), 1, ' s'));
  await browser.close();
  const free = await openBrowser();
  for (const station of ['west-bank', 'mid-span', 'stele']) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await frames(free, service.url, station));
    row(`main thread per frame at ${station}, drawing apart`, spread(runs.map((r) => r.ms), 1, ' ms'), '≤ 5 ms');
    row(`draws per frame at ${station}`, spread(runs.map((r) => r.draws)), '≤ 120');
    row(`triangles per frame at ${station}`, spread(runs.map((r) => r.triangles / 1000), 0, ' k'), '≤ 150 k');
    if (station === 'mid-span') row('resident memory of the page with the scene', spread(runs.map((r) => r.memory / 1e6), 0, ' MB'));
  }
  await free.close();
} finally {
  await service.stop();
}
console.log(`Measured ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model}), SwiftShader, median (range) of ${RUNS} runs.\n`);
console.log('| what | measured | budget |\n|---|---|---|');
for (const line of rows) console.log(`| ${line.join(' | ')} |`);
