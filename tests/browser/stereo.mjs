// What the view in a headset costs: IWER in place of a headset, every draw call counted and not made.
import { LAPTOP, visitor } from './harness.mjs';
import { hook, tell } from './steps.mjs';
import { enter, when } from './stage.mjs';
import { countFrames, device, putOn, sessionFrames, updates, whenWorn, withHeadset, withoutDraws } from './worn.mjs';

const ROOM = { ...LAPTOP, viewport: { width: 480, height: 240 } };
const FRAMES = 200;

const memory = (page) => page.evaluate(async () => {
  const { taken, takenInFrames } = await import(`${document.body.dataset.app}companion.js`);
  return { own: takenInFrames(), all: taken() };
});

async function wear(page) {
  await putOn(page, 'steady');
  await whenWorn(page, ({ updates: count, panel }) => count > 4 && panel);
  await device(page, (xr) => xr.controllers.right.updateButtonValue('a-button', 1));
  await whenWorn(page, ({ panel }) => !panel);
  await device(page, (xr) => xr.controllers.right.updateButtonValue('a-button', 0));
}

/**
 * At a station in the middle tier: milliseconds of the main thread for each frame with both eyes, calls that draw for each
 * eye, turns of the loop for each frame of the session, bytes that the scene takes for each, those with the engine's own
 * loop, and those of the page's scripts, the emulator among them. The voice is held.
 */
export async function stereo(browser, service, station) {
  const { context, page } = await visitor(browser, service, ROOM, { expected: [/./] });
  await withHeadset(context, { ownLayer: true });
  await enter(page, 'zh', station);
  await tell(page, { type: 'quality', tier: 'middle' });
  await when(page, ({ tier, settled }) => tier === 'middle' && settled);
  await withoutDraws(page);
  await wear(page);
  await tell(page, { type: 'pause' });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await countFrames(page);
  const waited = (count) => page.waitForFunction((target) => globalThis.sessionFrames >= target, count, { timeout: 120_000 });
  // Nobody asks what is seen while it is measured: to tell it takes time of its own, for 600 frames from then on.
  await waited(700);
  const now = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    return { task: metrics.find(({ name }) => name === 'TaskDuration').value, used: usedSize, memory: await memory(page), frames: await sessionFrames(page), drawn: await page.evaluate(() => globalThis.drawn) };
  };
  await cdp.send('HeapProfiler.collectGarbage');
  const from = await now();
  await waited(from.frames + FRAMES);
  const to = await now();
  const { headset: before } = await when(page, ({ headset }) => headset);
  const counted = await sessionFrames(page);
  const after = await updates(page, 50);
  const turns = (after.updates - before.updates) / ((await sessionFrames(page)) - counted);
  await context.close();
  const frames = to.frames - from.frames;
  return { ms: ((to.task - from.task) * 1000) / frames, draws: (to.drawn - from.drawn) / frames / 2, turns, own: (to.memory.own - from.memory.own) / frames, all: (to.memory.all - from.memory.all) / frames, scripts: Math.max(0, to.used - from.used) / frames };
}

/** Megabytes that the page's scripts, and kilobytes that the scene's program, hold after one session and after five. */
export async function sessions(browser, service) {
  const { context, page } = await visitor(browser, service, ROOM, { expected: [/./] });
  await withHeadset(context, { ownLayer: true });
  await enter(page, 'zh');
  await withoutDraws(page);
  const cdp = await context.newCDPSession(page);
  const taken = [];
  for (let round = 0; round < 5; round += 1) {
    await wear(page);
    await device(page, (xr) => xr.activeSession.end());
    await when(page, ({ headset }) => !headset);
    await page.locator('[data-hook="stage"][data-headset="off"]').waitFor();
    await hook(page, 'headset').waitFor();
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize = 0 } = await cdp.send('Runtime.getHeapUsage');
    taken.push({ scripts: (usedSize + backingStorageSize) / 1e6, program: (await page.evaluate(async () => (await import(`${document.body.dataset.app}companion.js`)).held())) / 1e3 });
  }
  await context.close();
  return { first: taken[0], last: taken[4] };
}
