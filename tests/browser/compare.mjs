// Ten fixed views of two builds side by side, and where they differ: `make compare BEFORE=…` after a change of what draws.
// Writes target/compare/<view>.png (before, after, their difference eight times over) and prints the mean differences.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LAPTOP, ROOT, openBrowser, startService } from './harness.mjs';
import { STATIONS, standing, tell } from './steps.mjs';
import { cardOf, enter, frames } from './stage.mjs';
import { stillPicture } from './picture.mjs';

const [before, after] = process.argv.slice(2).map((folder) => resolve(folder));
const TIER = process.env.TIER || 'middle';
/** Every station as it stands today, and two as they stood. */
const ERAS = new Map([['chains', ['today', '1935']], ['mid-span', ['today', '1935']]]);
const OUT = join(ROOT, 'target/compare');
mkdirSync(OUT, { recursive: true });

/** The views of one build: each with its pixels, seen again some frames later so that what moves by itself is known. */
async function views(browser, web) {
  const service = await startService({ web });
  const context = await browser.newContext({ ...LAPTOP, viewport: { width: 480, height: 320 }, baseURL: service.url, serviceWorkers: 'block' });
  const page = await context.newPage();
  const seen = new Map();
  for (const station of STATIONS) {
    await page.goto('about:blank');
    await enter(page, 'en', station);
    await tell(page, { type: 'quality', tier: TIER });
    await page.locator(`[data-hook="stage"][data-tier="${TIER}"]`).waitFor({ timeout: 120_000 });
    await standing(page, station, 'today', { seconds: 240 });
    await tell(page, { type: 'pause' });
    await cardOf(page, station).locator('[data-hook="card-close"]').dispatchEvent('click');
    for (const era of ERAS.get(station) ?? ['today']) {
      await tell(page, { type: 'show-era', era });
      await standing(page, station, era, { seconds: 240 });
      const first = await stillPicture(page);
      await frames(page, 10);
      const again = await stillPicture(page);
      const [one, two] = await Promise.all([first, again].map(({ pixels }) => pixels.evaluate((image) => [...image.data])));
      const size = await first.pixels.evaluate(({ width, height }) => ({ width, height }));
      seen.set(`${station}-${era}`, { one, two, ...size });
      console.log(`${web}: ${station}, ${era}`);
    }
  }
  await context.close();
  await service.stop();
  return seen;
}

const browser = await openBrowser();
try {
  const old = await views(browser, before);
  const now = await views(browser, after);
  const page = await (await browser.newContext()).newPage();
  for (const [view, { one, two, width, height }] of old) {
    const other = now.get(view);
    const sheet = await page.evaluate(({ images, width, height }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: width * 3, height });
      const context = canvas.getContext('2d');
      const [a, a2, b] = images;
      const difference = new Uint8ClampedArray(a.length);
      let sum = 0, noise = 0, count = 0;
      for (let at = 0; at < a.length; at += 4) {
        difference[at + 3] = 255;
        if (!a[at + 3] || !b[at + 3]) continue;
        let own = 0, by = 0;
        for (let channel = 0; channel < 3; channel += 1) {
          own += Math.abs(a[at + channel] - a2[at + channel]) / 3;
          by += Math.abs(a[at + channel] - b[at + channel]) / 3;
          difference[at + channel] = Math.abs(a[at + channel] - b[at + channel]) * 8;
        }
        sum += by;
        noise += own;
        count += 1;
      }
      [a, b, difference].forEach((data, index) => context.putImageData(new ImageData(Uint8ClampedArray.from(data), width, height), index * width, 0));
      return { png: canvas.toDataURL('image/png').split(',')[1], mean: sum / count, noise: noise / count };
    }, { images: [one, two, other.one], width, height });
    writeFileSync(join(OUT, `${view}.png`), Buffer.from(sheet.png, 'base64'));
    console.log(`${view.padEnd(20)} difference ${sheet.mean.toFixed(2)} of 255; of itself some frames later ${sheet.noise.toFixed(2)}`);
  }
} finally {
  await browser.close();
}
