// One table: bytes, times on a slow network with a slow processor, main-thread cost and memory of the scene.
// `node bench.mjs [runs]`; medians and ranges of 3 runs unless told otherwise.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { LAPTOP, PHONE, ROOT, openBrowser, startService } from './harness.mjs';
import { until } from './steps.mjs';
import { sessions, stereo } from './stereo.mjs';

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
  return {
    lobbyWasm: sum(all.filter((path) => path.endsWith('lobby_bg.wasm'))),
    companion: sum(all.filter((path) => path.endsWith('companion_bg.wasm'))),
    whole: sum(site.filter((path) => !isSound(path))),
  };
}

/** Narration, captions and ambience, which have a budget of their own. */
const isSound = (path) => /\/(narration|captions|ambience)\//.test(path);
const isCode = (path) => /\.(js|wasm)$/.test(path);

/**
 * What comes over the wire from here on, answer by answer: `path`, when each piece came and how many bytes it had,
 * headers included. The browser counts what it receives, so that an answer half come by counts for its half.
 */
function received(cdp) {
  const answers = new Map();
  let zero = null;
  const add = (id, { timestamp, encodedDataLength }) => answers.get(id)?.pieces.push([timestamp, encodedDataLength]);
  cdp.on('Network.requestWillBeSent', ({ requestId, request, timestamp, wallTime }) => {
    zero ??= wallTime - timestamp;
    answers.set(requestId, { path: new URL(request.url).pathname, pieces: [] });
  });
  cdp.on('Network.responseReceived', ({ requestId, timestamp, response }) => add(requestId, { timestamp, ...response }));
  cdp.on('Network.dataReceived', ({ requestId, ...piece }) => add(requestId, piece));
  // Where the pieces came to less than the whole, the rest is counted when it is over.
  cdp.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) => {
    const known = answers.get(requestId)?.pieces.reduce((sum, [, bytes]) => sum + bytes, 0) ?? 0;
    add(requestId, { timestamp, encodedDataLength: Math.max(0, encodedDataLength - known) });
  });
  /** Bytes that came before `wall`, seconds since 1970, of the answers whose path `counts`. */
  return (wall, counts = () => true) => [...answers.values()].filter(({ path }) => counts(path))
    .flatMap(({ pieces }) => pieces).filter(([timestamp]) => timestamp + zero <= wall).reduce((sum, [, bytes]) => sum + bytes, 0);
}

async function measured(browser, url, path, { slow, device }) {
  const context = await browser.newContext({ ...device, baseURL: url, serviceWorkers: 'block' });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const bytesBy = received(cdp);
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
  return { context, page, cdp, bytesBy };
}

async function reading(browser, url) {
  const { context, page, bytesBy } = await measured(browser, url, '/zh/luding/', { slow: true, device: PHONE });
  const { readable, zero, awaited } = await until(page, () => {
    const [painted] = performance.getEntriesByName('first-contentful-paint');
    const blocking = performance.getEntriesByType('resource').filter((entry) => entry.renderBlockingStatus === 'blocking');
    return painted && { readable: painted.startTime, zero: performance.timeOrigin, awaited: blocking.map(({ name }) => new URL(name).pathname) };
  });
  await page.waitForFunction(() => document.documentElement.dataset.lobby === 'live', null, { timeout: 60_000 });
  const live = await page.evaluate(() => performance.now());
  const at = (zero + readable) / 1000;
  const result = { readable, live, before: bytesBy(at), awaited: bytesBy(at, (path) => path === '/zh/luding/' || awaited.includes(path)) };
  await context.close();
  return result;
}

async function scene(browser, url) {
  const { context, page, bytesBy } = await measured(browser, url, SCENE, { slow: true, device: { ...PHONE, viewport: { width: 480, height: 270 } } });
  await page.locator('[data-hook="enter"]').click({ timeout: 60_000 });
  const started = await page.evaluate(() => performance.now());
  await page.waitForFunction(() => globalThis.bench.said.some(([type]) => type === 'ready'), null, { timeout: 180_000 });
  const { ready, zero, root } = await page.evaluate(() => ({
    ready: globalThis.bench.said.find(([type]) => type === 'ready')[1], zero: performance.timeOrigin, root: document.body.dataset.root,
  }));
  const at = (zero + ready) / 1000;
  const result = {
    ms: ready - started,
    site: bytesBy(at, (path) => path.startsWith(root) && !isSound(path)),
    sound: bytesBy(at, (path) => path.startsWith(root) && isSound(path)),
    code: bytesBy(at, isCode),
  };
  await context.close();
  return result;
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
  // A visit lasts many minutes; the browser has compiled what runs in every frame for good within its first quarter.
  await reached((await probe()).frame + 400);
  const from = await now();
  await reached(from.frame + 200);
  const to = await now();
  const count = to.frame - from.frame;
  const memory = await resident(browser);
  const gl = await glCalls(page, reached, probe);
  await context.close();
  return { ms: ((to.task - from.task) * 1000) / count, draws: to.draws, triangles: to.triangles, memory, ...gl };
}

/** Calls of the graphics interface per draw, and bytes sent to it per frame, while nothing moves but the river. Counted after the time is measured, since counting takes time. */
async function glCalls(page, reached, probe) {
  await page.evaluate(() => {
    const count = { calls: 0, draws: 0, bytes: 0 };
    globalThis.bench.gl = count;
    const gl = WebGL2RenderingContext.prototype;
    // A number in place of data only asks for room.
    const size = (data, items) => (items ? items * (data.BYTES_PER_ELEMENT ?? 1) : data?.byteLength ?? 0);
    const sent = { bufferData: ([, data, , , items]) => size(data, items), bufferSubData: ([, , data, , items]) => size(data, items) };
    for (const name of Object.getOwnPropertyNames(gl)) {
      if (typeof Object.getOwnPropertyDescriptor(gl, name).value !== 'function') continue;
      const call = gl[name];
      gl[name] = function (...given) {
        count.calls += 1;
        if (name.startsWith('draw') && name !== 'drawBuffers') count.draws += 1;
        if (sent[name]) count.bytes += sent[name](given);
        return call.apply(this, given);
      };
    }
  });
  const from = (await probe()).frame;
  await reached(from + 60);
  const frames = (await probe()).frame - from;
  const { calls, draws, bytes } = await page.evaluate(() => globalThis.bench.gl);
  return { callsPerDraw: calls / draws, uploaded: bytes / frames };
}

const service = await startService();
const rows = [];
const row = (what, value, budget = '') => rows.push([what, value, budget]);
try {
  const size = bytes();
  row('lobby.wasm, brotli', kB(size.lobbyWasm), '≤ 170 kB');
  row('companion.wasm, brotli', kB(size.companion), '≤ 3 000 kB');
  const browser = await openBrowser();
  const read = [], ready = [];
  for (let run = 0; run < RUNS; run += 1) {
    read.push(await reading(browser, service.url));
    ready.push(await scene(browser, service.url));
  }
  row('Luding, first level: fetched before the scene is open', spread(ready.map((r) => r.site / 1000), 0, ' kB'), '≤ 600 kB');
  row('sound fetched by then', spread(ready.map((r) => r.sound / 1000), 0, ' kB'));
  row('code fetched before the first 3D frame', spread(ready.map((r) => r.code / 1000), 0, ' kB'));
  row('Luding, whole, sound apart', kB(size.whole), '≤ 6 000 kB');
  row('first page: bytes come by when it reads', spread(read.map((r) => r.before / 1000), 0, ' kB'), '≤ 60 kB');
  row('of these, what its reading waits for', spread(read.map((r) => r.awaited / 1000), 0, ' kB'));
  row('readable text, 1.6 Mbit/s, 4× CPU', spread(read.map((r) => r.readable / 1000), 1, ' s'));
  row('lobby live, same', spread(read.map((r) => r.live / 1000), 1, ' s'));
  row('first 3D frame and walkable, same', spread(ready.map((r) => r.ms / 1000), 1, ' s'));
  await browser.close();
  const free = await openBrowser();
  for (const station of ['west-bank', 'mid-span', 'stele']) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await frames(free, service.url, station));
    row(`main thread per frame at ${station}, drawing apart`, spread(runs.map((r) => r.ms), 1, ' ms'), '≤ 5 ms');
    row(`draws per frame at ${station}`, spread(runs.map((r) => r.draws)), '≤ 120');
    row(`triangles per frame at ${station}`, spread(runs.map((r) => r.triangles / 1000), 0, ' k'), '≤ 150 k');
    row(`calls of WebGL per draw at ${station}`, spread(runs.map((r) => r.callsPerDraw), 1));
    row(`sent to the graphics card per frame at ${station}`, spread(runs.map((r) => r.uploaded / 1000), 1, ' kB'));
    if (station === 'mid-span') row('resident memory of the page with the scene', spread(runs.map((r) => r.memory / 1e6), 0, ' MB'));
  }
  await free.close();
  const worn = await openBrowser();
  for (const station of ['west-bank', 'mid-span', 'stele']) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await stereo(worn, service, station));
    row(`headset, emulated: main thread per frame with both eyes at ${station}, drawing apart`, spread(runs.map((r) => r.ms), 1, ' ms'));
    row(`draws for each eye at ${station}`, spread(runs.map((r) => r.draws)), '≤ 150');
    row(`turns of the loop for each frame at ${station}`, spread(runs.map((r) => r.turns), 2), '1');
    row(`memory that the scene takes for each frame at ${station}, standing`, spread(runs.map((r) => r.own), 0, ' B'), '0');
    row(`the same with the engine's own loop; in scripts, the emulator's among them`, `${spread(runs.map((r) => r.all / 1000), 1, ' kB')}; ${spread(runs.map((r) => r.scripts / 1000), 1, ' kB')}`);
  }
  const sat = [];
  for (let run = 0; run < RUNS; run += 1) sat.push(await sessions(worn, service));
  row('held after five sessions, more than after one: by the program; by scripts, the emulator\'s among them', `${spread(sat.map((r) => r.last.program - r.first.program), 1, ' kB')}; ${spread(sat.map((r) => r.last.scripts - r.first.scripts), 2, ' MB')}`, '0');
  await worn.close();
} finally {
  await service.stop();
}
console.log(`Measured ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model}), SwiftShader, median (range) of ${RUNS} runs.\n`);
console.log('| what | measured | budget |\n|---|---|---|');
for (const line of rows) console.log(`| ${line.join(' | ')} |`);
