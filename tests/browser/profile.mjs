// Where the main thread's time goes in a frame of the scene at rest, by function and by crate, the drawing itself left
// out. `node profile.mjs NAMED_WASM [station] [tier]`: the same module with its names, which visitors do not download.
import { readFileSync } from 'node:fs';
import { LAPTOP, openBrowser, startService } from './harness.mjs';
import { until } from './steps.mjs';

const [named, station = 'mid-span', tier = 'middle'] = process.argv.slice(2);
const FRAMES = 300;
const service = await startService();
const browser = await openBrowser();
try {
  const context = await browser.newContext({ ...LAPTOP, viewport: { width: 480, height: 270 }, baseURL: service.url, serviceWorkers: 'block' });
  const page = await context.newPage();
  const module = readFileSync(named);
  await page.route('**/companion_bg.wasm', (route) => route.fulfill({ body: module, contentType: 'application/wasm' }));
  await page.addInitScript(() => addEventListener('retrace:said', (event) => { globalThis.ready ||= JSON.parse(event.detail).type === 'ready'; }));
  await page.goto(`/zh/luding/scene/#${station}`);
  await page.locator('[data-hook="enter"]').click();
  await page.waitForFunction(() => globalThis.ready, null, { timeout: 180_000 });
  await page.evaluate((wanted) => {
    const gl = WebGL2RenderingContext.prototype;
    for (const name of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced']) gl[name] = () => {};
    dispatchEvent(new CustomEvent('retrace:told', { detail: JSON.stringify({ type: 'quality', tier: wanted }) }));
  }, tier);
  const frame = () => page.evaluate(async () => JSON.parse((await import(`${document.body.dataset.app}companion.js`)).probe()).frame);
  const reached = async (target) => until(page, async (wanted) =>
    JSON.parse((await import(`${document.body.dataset.app}companion.js`)).probe()).frame >= wanted, target, { seconds: 240 });
  await reached((await frame()) + 150);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
  const [from, before] = [await frame(), await busy()];
  await reached(from + FRAMES);
  const each = ((await busy()) - before) * 1000 / ((await frame()) - from);
  await cdp.send('Profiler.enable');
  await cdp.send('Profiler.setSamplingInterval', { interval: 200 });
  await cdp.send('Profiler.start');
  const start = await frame();
  await reached(start + FRAMES);
  const { profile } = await cdp.send('Profiler.stop');
  const frames = (await frame()) - start;
  console.log(JSON.stringify(await page.evaluate(async () => { const { draws, triangles, tier } = JSON.parse((await import(`${document.body.dataset.app}companion.js`)).probe()); return { draws, triangles, tier }; })));
  const self = new Map(), nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parent = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const inclusive = new Map();
  profile.samples.forEach((id, index) => {
    const ms = profile.timeDeltas[index] / 1000;
    const name = nodes.get(id).callFrame.functionName || '(anonymous)';
    self.set(name, (self.get(name) ?? 0) + ms);
    const seen = new Set();
    for (let at = id; at; at = parent.get(at)) seen.add(nodes.get(at).callFrame.functionName);
    for (const one of seen) inclusive.set(one, (inclusive.get(one) ?? 0) + ms);
  });
  const table = (rows, count) => [...rows].sort((a, b) => b[1] - a[1]).slice(0, count)
    .forEach(([name, ms]) => console.log(`${(ms / frames).toFixed(3)} ms  ${name.replaceAll(/\[[0-9a-f]{15,16}\]/g, '').slice(0, 400)}`));
  console.log(`main thread ${each.toFixed(2)} ms a frame; ${frames} frames profiled\n-- self`);
  table(self, 70);
  console.log('-- with all they call');
  table(inclusive, 260);
} finally {
  await browser.close();
  await service.stop();
}
