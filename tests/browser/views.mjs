// Eight views for the README, taken from the running product: `make views` writes them into docs/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAPTOP, PHONE, ROOT, openBrowser, startService } from './harness.mjs';
import { STATIONS, completeByReading, counted, hook, live, openWalk, people, signIn, standing, tell } from './steps.mjs';

const DOCS = join(ROOT, 'docs');
mkdirSync(DOCS, { recursive: true });
const service = await startService();
const browser = await openBrowser();

/** Opens a page of its own for each view; `dark` asks for dark mode. */
async function guest(device, lang, dark = false) {
  const context = await browser.newContext({
    ...device, baseURL: service.url, serviceWorkers: 'block', colorScheme: dark ? 'dark' : 'light', locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
  });
  return context.newPage();
}

/** Writes what the window shows as WebP; the browser itself is the encoder. */
async function keep(page, name) {
  const png = (await page.screenshot({ timeout: 180_000 })).toString('base64');
  const webp = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.86).split(',')[1];
  }, png);
  writeFileSync(join(DOCS, `${name}.webp`), Buffer.from(webp, 'base64'));
  console.log(`docs/${name}.webp`);
}

/** Enters the scene and draws it at the highest tier. */
async function scene(page, lang, station, era) {
  await page.goto(`/${lang}/luding/scene/#${station}`);
  await live(page);
  await hook(page, 'enter').click();
  await page.locator('[data-hook="stage"][data-state="ready"]').waitFor({ timeout: 180_000 });
  await tell(page, { type: 'quality', tier: 'high' });
  await page.locator('[data-hook="stage"][data-tier="high"]').waitFor({ timeout: 120_000 });
  await tell(page, { type: 'show-era', era });
  await standing(page, station, era, { seconds: 180 });
}

// A software renderer at the highest tier draws too seldom for a pointer's own wait until things stand still.
const press = (button) => button.dispatchEvent('click');
const closeCard = (page, station) => press(hook(page, 'card', `[data-station="${station}"]`).locator('[data-hook="card-close"]'));

try {
  let page = await guest(LAPTOP, 'zh');
  await scene(page, 'zh', 'chains', '1935');
  await tell(page, { type: 'pause' });
  await closeCard(page, 'chains');
  await standing(page, 'chains', '1935', { seconds: 180 });
  await keep(page, 'scene-1935');
  await press(hook(page, 'lens'));
  await hook(page, 'lens-count').filter({ hasText: /[1-9]/ }).first().waitFor();
  await standing(page, 'chains', '1935', { seconds: 180 });
  await keep(page, 'evidence-lens');
  await press(hook(page, 'lens'));
  await tell(page, { type: 'show-era', era: 'today' });
  await standing(page, 'chains', 'today', { seconds: 180 });
  await keep(page, 'scene-today');
  await page.context().close();

  page = await guest(PHONE, 'zh');
  await scene(page, 'zh', 'mid-span', 'today');
  await keep(page, 'scene-phone');
  await page.goto('/zh/luding/');
  await live(page);
  await keep(page, 'site-phone');
  await page.goto('/zh/luding/stele/');
  await live(page);
  await hook(page, 'narration').first().scrollIntoViewIfNeeded();
  await keep(page, 'station-phone');
  await page.context().close();

  page = await guest(LAPTOP, 'en', true);
  await page.goto('/en/luding/');
  await live(page);
  await keep(page, 'site-dark');
  await page.clock.install();
  await signIn(page, 'en', people(service).learner[0]);
  for (const station of STATIONS) await completeByReading(page, 'en', station);
  await counted(page, STATIONS.at(-1));
  await page.context().close();

  page = await guest(LAPTOP, 'zh');
  await openWalk(page, people(service).trainer[0], people(service).learner[0]);
  await page.locator('textarea[name="note"]').first().waitFor();
  await keep(page, 'desk');
} finally {
  await browser.close();
  await service.stop();
}
