// G7, G8, G11, G12, G14: what a scene costs while it runs.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { NETWORKS, OURS, addressOf, frames, look, open, tell, when, windowOf } from './visit.mjs';

/** Frames that the browser is given to compile what runs in each, and the time of one turn of the eye at 1.3 rad/s. */
const [WARM_FRAMES, TURN_SECS] = [400, (2 * Math.PI) / 1.3];
/** Turns that are measured. */
const TURNS = 2;
/** How long a scene is watched after its first frame, seconds. */
const WATCHED_SECS = 10;

/** Runs in the page: draws are counted and not made, so that a software renderer does not take the processor from what is measured. */
function countDraws() {
  const count = { draws: 0, triangles: 0 };
  globalThis.counted = count;
  const gl = WebGL2RenderingContext.prototype;
  const counted = (items, instances = 1) => { count.draws += 1; count.triangles += (items / 3) * instances; };
  gl.drawElements = (_, items) => counted(items);
  gl.drawArrays = (_, first, items) => counted(items);
  gl.drawRangeElements = (_, start, end, items) => counted(items);
  gl.drawElementsInstanced = (_, items, type, offset, instances) => counted(items, instances);
  gl.drawArraysInstanced = (_, first, items, instances) => counted(items, instances);
}

/** Waits until all of a scene is there: peers say so, ours has fetched its last file some while ago. */
async function whole(page, side) {
  if (side !== OURS) return when(page, 'whole');
  await tell(page, side, { type: 'quality', tier: 'middle' });
  for (let before = -1, now = 0; before !== now; await pause(4000)) {
    before = now;
    now = await page.evaluate(() => performance.getEntriesByType('resource').filter(({ responseEnd }) => responseEnd).length);
  }
  return null;
}

/**
 * G7, G8: main-thread milliseconds per frame while the eye turns around mid-span, an arrow key held: processor time of
 * all tasks over frames drawn in two whole turns, with draws and triangles per frame as they were sent.
 */
export async function perFrame({ fast, url, pages }, side, { scene }) {
  const { context, page, cdp } = await open(fast, url, addressOf(side, pages, scene, { station: true }), { before: countDraws, window: windowOf(side) });
  await when(page, 'ready');
  await whole(page, side);
  // A card that opens at the station would take the keys, and the eye would stand still.
  await page.evaluate(() => {
    document.querySelector('#scene-canvas, canvas, model-viewer').focus();
    HTMLElement.prototype.focus = () => {};
  });
  await page.keyboard.down('ArrowLeft');
  await frames(page, side, WARM_FRAMES);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const now = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return { task: metrics.find(({ name }) => name === 'TaskDuration').value, ...await look(page, side), ...await page.evaluate(() => globalThis.counted) };
  };
  const from = await now();
  await pause(TURN_SECS * 1000 * 0.3);
  const early = await look(page, side);
  await pause(TURN_SECS * 1000 * (TURNS / 2 - 0.3));
  const half = await look(page, side);
  await pause(TURN_SECS * 1000 * (TURNS / 2));
  const to = await now();
  await context.close();
  const count = to.frame - from.frame;
  const { viewport } = windowOf('peers');
  if (to.canvas && (to.canvas.width !== viewport.width || to.canvas.height !== viewport.height)) throw new Error(`our canvas is ${to.canvas.width} by ${to.canvas.height}, the peers' is not`);
  if (Math.abs(Math.hypot(half.x - 6, half.z) - 20 * Math.cos(0.35)) > 0.5) throw new Error(`${side}: the eye has left its way around mid-span: ${JSON.stringify(half)}`);
  if (Math.abs(half.yaw - early.yaw) < 0.01) throw new Error(`${side}: the eye stands still`);
  const each = (key, digits) => Number(((to[key] - from[key]) / count).toFixed(digits));
  return { value: ((to.task - from.task) * 1000) / count, frames: count, draws: each('draws', 1), triangles: each('triangles', 0) };
}

/** G11: the longest task after the first frame, ms at 1×; and at 4× and 9 Mbit/s how long tasks blocked beyond 50 ms each until 5 s after it. */
export async function tasks({ browser, url, pages }, side) {
  const seen = async (options, secs) => {
    const { context, page } = await open(browser, url, addressOf(side, pages, 'first'), { ...options, window: windowOf(side) });
    const ready = await when(page, 'ready');
    await pause(secs * 1000);
    const long = await page.evaluate(() => globalThis.bench.tasks);
    await context.close();
    return { ready, long };
  };
  const free = await seen({}, WATCHED_SECS);
  const slow = await seen({ network: NETWORKS.fair, slower: 4 }, 5);
  const after = free.long.filter(([start, length]) => start + length > free.ready);
  return {
    value: Math.max(0, ...after.map(([, length]) => length)), blocked: slow.long.reduce((sum, [, length]) => sum + length - 50, 0), after, slow: slow.long, ready: slow.ready,
  };
}

/** Runs in the page: keeps count of the bytes that textures and render targets take on the card. */
function countTextures() {
  const gl = WebGL2RenderingContext.prototype;
  const held = new Map(), bound = new Map();
  const BYTES = { 0x8058: 4, 0x8c43: 4, 0x8229: 1, 0x822b: 2, 0x8051: 3, 0x8c41: 3, 0x881a: 8, 0x8814: 16, 0x8c3a: 4, 0x8cac: 4, 0x81a6: 4, 0x81a5: 2, 0x88f0: 4, 0x8cad: 8, 0x822d: 2, 0x822f: 4, 0x8230: 8, 0x822e: 4 };
  const keep = (what, key, bytes) => { if (what) held.set(what, { ...held.get(what), [key]: bytes }); };
  const size = (format, type) => BYTES[format] ?? ({ 0x1908: 4, 0x1907: 3, 0x1903: 1, 0x1902: 4, 0x84f9: 4 }[format] ?? 4) * ({ 0x1406: 4, 0x140b: 2 }[type] ?? 1);
  let unit = 0;
  const key = (target) => `${unit}:${target >= 0x8515 && target <= 0x851a ? 0x8513 : target}`;
  const wrap = (name, how) => {
    const call = gl[name];
    gl[name] = function (...given) { how(...given); return call.apply(this, given); };
  };
  wrap('activeTexture', (which) => { unit = which; });
  wrap('bindTexture', (target, texture) => bound.set(key(target), texture));
  wrap('bindRenderbuffer', (target, buffer) => bound.set('buffer', buffer));
  wrap('texImage2D', (target, level, format, ...rest) => {
    const [wide, high, type] = rest.length >= 6 ? [rest[0], rest[1], rest[4]] : [rest[2]?.width ?? 0, rest[2]?.height ?? 0, rest[1]];
    keep(bound.get(key(target)), `${target}:${level}`, wide * high * size(format, type));
  });
  wrap('texStorage2D', (target, levels, format, wide, high) => {
    for (let level = 0; level < levels; level += 1) keep(bound.get(key(target)), level, Math.max(1, wide >> level) * Math.max(1, high >> level) * size(format) * (target === 0x8513 ? 6 : 1));
  });
  wrap('texStorage3D', (target, levels, format, wide, high, deep) => keep(bound.get(key(target)), 0, wide * high * deep * size(format)));
  wrap('generateMipmap', (target) => {
    const texture = bound.get(key(target));
    const [first] = Object.values(held.get(texture) ?? {});
    if (Object.keys(held.get(texture) ?? {}).length === 1) keep(texture, 'mips', first / 3);
  });
  wrap('renderbufferStorage', (_, format, wide, high) => keep(bound.get('buffer'), 0, wide * high * size(format)));
  wrap('renderbufferStorageMultisample', (_, samples, format, wide, high) => keep(bound.get('buffer'), 0, wide * high * size(format) * Math.max(1, samples)));
  wrap('deleteTexture', (texture) => held.delete(texture));
  wrap('deleteRenderbuffer', (buffer) => held.delete(buffer));
  globalThis.textureBytes = () => [...held.values()].flatMap((parts) => Object.values(parts)).reduce((sum, bytes) => sum + bytes, 0);
}

/** G12: proportional share of memory of the page's process, MB, with all of the scene in it; and bytes of textures on the card. */
export async function memory({ start, url, pages }, side) {
  // A browser of its own: pages that are gone leave memory behind.
  const browser = await start();
  try {
    const { page } = await open(browser, url, addressOf(side, pages, side === 'model-viewer' ? 'built' : 'first'), { before: countTextures, window: windowOf(side) });
    await when(page, 'ready');
    await whole(page, side);
    await frames(page, side, 30);
    await pause(5000);
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const shares = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))[1]));
    return { value: (Math.max(...shares) * 1024) / 1e6, textures: (await page.evaluate(() => globalThis.textureBytes())) / 1e6 };
  } finally {
    await browser.close();
  }
}
