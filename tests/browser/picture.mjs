// The drawn canvas as pixels, with all that the page lays over it left out.
import { setTimeout as pause } from 'node:timers/promises';
import { probe } from './stage.mjs';

/**
 * The canvas as it stands in the window, as image data whose alpha is 0 wherever anything of the page lies over it:
 * a toolbar has edges and colours of its own, and would pass for a view.
 */
export async function picture(page) {
  const png = await page.screenshot({ clip: await page.locator('#scene-canvas').boundingBox() });
  return page.evaluateHandle(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const sheet = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = sheet.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const canvas = document.querySelector('#scene-canvas');
    const { left, top } = canvas.getBoundingClientRect();
    for (const part of document.querySelectorAll('[data-hook="stage"] *, dialog[open]')) {
      if (part.contains(canvas) || !part.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { x, y, width, height } = part.getBoundingClientRect();
      context.clearRect(Math.floor(x - left) - 1, Math.floor(y - top) - 1, Math.ceil(width) + 3, Math.ceil(height) + 3);
    }
    return context.getImageData(0, 0, sheet.width, sheet.height);
  }, png.toString('base64'));
}

/** A picture during which no mark moved, grew or faded, and where the marks were. */
export async function stillPicture(page) {
  for (const end = Date.now() + 60_000; ;) {
    const { marks } = await probe(page);
    const pixels = await picture(page);
    const after = await probe(page);
    if (after.settled && JSON.stringify(marks) === JSON.stringify(after.marks)) return { marks, pixels, eye: after.eye };
    if (Date.now() > end) throw new Error('the marks never came to rest');
    await pause(100);
  }
}

/** Share of the canvas that is seen, and the spread of its lightness, 0 to 127. */
export const spread = (pixels) => pixels.evaluate(({ data }) => {
  let sum = 0, squares = 0, count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 0) continue;
    const light = (data[at] * 2 + data[at + 1] * 5 + data[at + 2]) / 8;
    sum += light;
    squares += light * light;
    count += 1;
  }
  return { seen: count / (data.length / 4), spread: Math.sqrt(squares / count - (sum / count) ** 2) };
});

/**
 * Mean differences from the first picture of the second, the third and so on, 0 to 255, over all that is seen in each
 * and stands still: the river is never the same twice, so a spot where the first two differ by more than a grain is left
 * out. `still` is the share of the canvas that remains.
 */
export const differences = (page, ...pictures) => page.evaluate(([first, second, ...others]) => {
  const GRAIN = 6;
  const off = (one, two, at) => [0, 1, 2].map((channel) => Math.abs(one.data[at + channel] - two.data[at + channel]));
  const all = [first, second, ...others];
  if (all.some(({ width, height }) => width !== first.width || height !== first.height)) throw new Error('the pictures differ in size');
  const sums = others.map(() => 0);
  let still = 0;
  for (let at = 0; at < first.data.length; at += 4) {
    if (all.some(({ data }) => data[at + 3] === 0) || Math.max(...off(first, second, at)) > GRAIN) continue;
    still += 1;
    others.forEach((other, index) => { sums[index] += off(first, other, at).reduce((sum, value) => sum + value, 0) / 3; });
  }
  return { still: still / (first.data.length / 4), from: sums.map((sum) => sum / still) };
}, pictures);

/**
 * The marks that lie whole in the picture, under nothing of the page and apart from one another, each with how far the
 * picture is off its colour there at best, 0 to 255.
 */
export const marksSeen = (pixels, marks) => pixels.evaluate(({ data, width, height }, all) => {
  const at = (x, y) => (Math.round(y) * width + Math.round(x)) * 4;
  const seen = (x, y) => x >= 0 && y >= 0 && x < width - 1 && y < height - 1 && data[at(x, y) + 3] !== 0;
  const whole = ({ x, y, radius: r }) => [[0, 0], [r, 0], [-r, 0], [0, r], [0, -r]].every(([dx, dy]) => seen(x + dx, y + dy));
  const alone = (mark) => all.every((other) => !other.visible || other.point === mark.point || Math.hypot(other.x - mark.x, other.y - mark.y) > 2.2 * mark.radius);
  return all.filter((mark) => mark.visible && mark.opacity >= 0.99 && whole(mark) && alone(mark)).map((mark) => {
    const wanted = [1, 3, 5].map((from) => parseInt(mark.colour.slice(from, from + 2), 16));
    // The lowest tier draws at half the resolution, so a disc's colour is mixed with its rim: it is searched beside the numeral, and the three colours lie over 90 apart.
    let off = 255;
    for (const share of [0.45, 0.55, 0.65, 0.75]) {
      for (let turn = 0; turn < 12; turn += 1) {
        const angle = (turn / 12) * 2 * Math.PI;
        const spot = at(mark.x + Math.cos(angle) * mark.radius * share, mark.y + Math.sin(angle) * mark.radius * share);
        off = Math.min(off, Math.max(...wanted.map((value, channel) => Math.abs(value - data[spot + channel]))));
      }
    }
    return { ...mark, off };
  });
}, marks);
