// Whether the peers show what ours shows: as many meshes and triangles as were put in, a picture that is not blank, alike
// in its light and dark to ours. A comparison of times means nothing without this.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PEERS } from './build.mjs';
import { OURS, addressOf, frames, look, open, tell, when, windowOf } from './visit.mjs';

/** How alike a picture must be to ours: correlation of lightness over a grid. Land, river, sky and bridge as they are give over 0.6. */
const LEAST_ALIKE = 0.5;
/** Least spread of lightness, 0 to 127: a blank picture has none. */
const LEAST_SPREAD = 10;

/** Mean lightness of a picture on a grid of `wide` by `high`, and of ours no more than its canvas. */
async function grid(page, side) {
  const canvas = page.locator(side === OURS ? '#scene-canvas' : side === 'model-viewer' ? 'model-viewer' : 'canvas');
  if (side === OURS) await page.addStyleTag({ content: '[data-hook="stage"] > :not([data-hook="canvas-place"]) { visibility: hidden !important; }' });
  const png = await canvas.screenshot({ timeout: 120_000 });
  const lights = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const [wide, high] = [48, 34];
    const sheet = Object.assign(document.createElement('canvas'), { width: wide, height: high });
    const context = sheet.getContext('2d');
    context.drawImage(image, 0, 0, wide, high);
    const { data: pixels } = context.getImageData(0, 0, wide, high);
    return Array.from({ length: wide * high }, (_, at) => (pixels[at * 4] * 2 + pixels[at * 4 + 1] * 5 + pixels[at * 4 + 2]) / 8);
  }, png.toString('base64'));
  return { png, lights };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const alike = (a, b) => mean(a.map((value, at) => (value - mean(a)) * (b[at] - mean(b)))) / (spread(a) * spread(b));

/** Opens each side's scene at mid-span, keeps its picture in `folder`, and throws where one does not show what it should. */
export async function sane({ browser, url, pages, scenes }, folder, say) {
  mkdirSync(folder, { recursive: true });
  const pictures = {};
  // High enough for all of our canvas to be in it.
  let window = { ...windowOf(OURS), viewport: { width: 480, height: 720 } };
  for (const side of [OURS, ...PEERS]) {
    const { context, page, errors } = await open(browser, url, addressOf(side, pages, 'built', { station: true }), { window });
    await when(page, 'ready');
    if (side === OURS) {
      await tell(page, side, { type: 'quality', tier: 'middle' });
      await pause(15_000);
    }
    await frames(page, side, 5);
    const { canvas, x, y, z, yaw } = await look(page, side);
    if (side === OURS) {
      pictures.yaw = yaw;
      window = { ...window, viewport: { width: Math.round(canvas.width), height: Math.round(canvas.height) } };
    } else {
      const { meshes, triangles } = await page.evaluate(() => globalThis.peer.counts());
      const expected = scenes.built;
      for (const [name, is, was] of [['meshes', meshes, expected.meshes], ['triangles', triangles, expected.triangles]]) {
        if (Math.abs(is / was - 1) > 0.01) throw new Error(`${side} holds ${is} ${name}, not ${was}`);
      }
      // To the same side as ours, and so the same picture.
      await page.evaluate((to) => { globalThis.peer.orbit.yaw = to; }, pictures.yaw);
      await frames(page, side, 5);
      await pause(2000);
    }
    const { png, lights } = await grid(page, side);
    writeFileSync(join(folder, `${side}.png`), png);
    pictures[side] = lights;
    const [wide, like] = [spread(lights), alike(lights, pictures[OURS])];
    say(`${side}: eye ${[x, y, z].map((at) => at.toFixed(2))}, spread ${wide.toFixed(0)}, alike ${like.toFixed(2)}${errors.length ? `, said: ${errors[0].slice(0, 120)}` : ''}`);
    await context.close();
    if (wide < LEAST_SPREAD) throw new Error(`${side} shows a blank picture`);
    if (like < LEAST_ALIKE) throw new Error(`${side} shows another picture than ours: ${join(folder, `${side}.png`)}`);
  }
}
