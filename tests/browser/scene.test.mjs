// The scene in a real browser: pictures that cannot be faked, the whole walk from first page to confirmed credit, keyboard alone.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LAPTOP, PHONE, ROOT, openBrowser, startService, visitor } from './harness.mjs';
import { RIGHT, STATIONS, answer, complete, completeByReading, counted, hook, live, openWalk, people, progress, sent, signIn, standing, tell } from './steps.mjs';

const SMALL = { ...LAPTOP, viewport: { width: 640, height: 400 } };
const SHOTS = join(ROOT, 'target/shots');
mkdirSync(SHOTS, { recursive: true });
// What a software renderer prints of its own slowness is no fault of the page.
const SLOW_RENDERER = [/GL Driver Message/, /GPU stall/];

let service, browser;
before(async () => {
  service = await startService();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

const stage = (page, state) => page.locator(`[data-hook="stage"][data-state="${state}"]`).waitFor({ timeout: 120_000 });
const probe = (page) => page.evaluate(async () => JSON.parse((await import(`${document.body.dataset.app}companion.js`)).probe()));

async function enter(page, lang, station = '') {
  await page.goto(`/${lang}/luding/scene/${station && `#${station}`}`);
  await live(page);
  await hook(page, 'enter').click();
  await settled(page);
}

/** Waits until the scene can be walked and has found the tier that this machine can draw. */
async function settled(page) {
  await stage(page, 'ready');
  await page.locator('[data-hook="stage"][data-tier]').waitFor({ timeout: 120_000 });
}

/** The drawn canvas as pixels: mean and spread of lightness, and a reader of colours. */
async function picture(page) {
  const png = await page.screenshot({ clip: await page.locator('#scene-canvas').boundingBox() });
  return page.evaluateHandle(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  }, png.toString('base64'));
}
/** A picture during which no mark moved, grew or faded, and where the marks were. */
async function stillPicture(page) {
  for (const end = Date.now() + 30_000; ;) {
    const { marks } = await probe(page);
    const pixels = await picture(page);
    const after = await probe(page);
    if (after.settled && JSON.stringify(marks) === JSON.stringify(after.marks)) return { marks, pixels };
    if (Date.now() > end) throw new Error('the marks never came to rest');
  }
}

const spread = (pixels) => pixels.evaluate(({ data }) => {
  let sum = 0, squares = 0;
  const count = data.length / 4;
  for (let at = 0; at < data.length; at += 4) {
    const light = (data[at] * 2 + data[at + 1] * 5 + data[at + 2]) / 8;
    sum += light;
    squares += light * light;
  }
  return Math.sqrt(squares / count - (sum / count) ** 2);
});
const difference = (page, a, b) => page.evaluate(([one, two]) => {
  let sum = 0;
  for (let at = 0; at < one.data.length; at += 1) sum += Math.abs(one.data[at] - two.data[at]);
  return sum / one.data.length;
}, [a, b]);

test('each station is drawn, with its markers where the projection says, and the eras differ', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: SLOW_RENDERER });
  await enter(page, 'en');
  let checked = 0;
  for (const station of STATIONS) {
    await tell(page, { type: 'go-to', station });
    await standing(page, station);
    // Arriving opens the card and begins the story; both would lie over the marks.
    await tell(page, { type: 'pause' });
    await hook(page, 'card', `[data-station="${station}"]`).locator('[data-hook="card-close"]').click();
    const { marks, pixels } = await stillPicture(page);
    await page.screenshot({ path: join(SHOTS, `station-${station}.png`) });
    const deviation = await spread(pixels);
    assert.ok(deviation > 12, `${station}: the picture is all but blank (spread ${deviation.toFixed(1)})`);
    // Marks that lie under one of the page's own sheets are not in the picture.
    const plain = await page.evaluate((all) => {
      const canvas = document.querySelector('#scene-canvas');
      const { left, top } = canvas.getBoundingClientRect();
      // The caption lets a finger through to the scene, so that only its box tells where it lies.
      const caption = document.querySelector('[data-hook="scene-caption"]').getBoundingClientRect();
      const covered = (x, y) => x >= caption.left && x <= caption.right && y >= caption.top && y <= caption.bottom;
      const open = (x, y) => document.elementFromPoint(left + x, top + y) === canvas && !covered(left + x, top + y);
      return all.filter(({ visible, opacity, x, y, radius: r }) => visible && opacity >= 0.99 &&
        [[0, 0], [r, 0], [-r, 0], [0, r], [0, -r]].every(([dx, dy]) => open(x + dx, y + dy)));
    }, marks);
    for (const mark of plain) {
      const wanted = [1, 3, 5].map((at) => parseInt(mark.colour.slice(at, at + 2), 16));
      // The lowest tier draws at half the resolution, so a disc's colour is mixed with its rim: it is searched beside the numeral, and the three colours lie over 90 apart.
      const off = await pixels.evaluate(({ data, width }, [{ x, y, radius }, colour]) => {
        let least = 255;
        for (const share of [0.45, 0.55, 0.65, 0.75]) {
          for (let turn = 0; turn < 12; turn += 1) {
            const angle = (turn / 12) * 2 * Math.PI;
            const at = (Math.round(y + Math.sin(angle) * radius * share) * width + Math.round(x + Math.cos(angle) * radius * share)) * 4;
            least = Math.min(least, Math.max(...colour.map((value, channel) => Math.abs(value - data[at + channel]))));
          }
        }
        return least;
      }, [mark, wanted]);
      // Another disc may lie over this one where two marks meet; those are not counted.
      const alone = marks.every((other) => !other.visible || other.point === mark.point || Math.hypot(other.x - mark.x, other.y - mark.y) > 2.2 * mark.radius);
      if (!alone) continue;
      checked += 1;
      assert.ok(off <= 24, `${station}: the mark of ${mark.point} is ${off} off its colour at ${mark.x.toFixed(0)}, ${mark.y.toFixed(0)}`);
    }
  }
  assert.ok(checked >= STATIONS.length, `only ${checked} marks could be seen in all`);
  const today = await picture(page);
  await tell(page, { type: 'go-to', station: 'mid-span' });
  await standing(page, 'mid-span');
  const planks = await picture(page);
  await tell(page, { type: 'show-era', era: '1935' });
  await standing(page, 'mid-span', '1935');
  const chains = await picture(page);
  assert.ok((await difference(page, planks, chains)) > 3, 'the deck of today and the chains of 1935 look alike');
  assert.ok((await difference(page, today, planks)) > 3, 'two stations look alike');
  await leave();
});

/** One station in the scene, heard for real, then the rest by reading: the same credit. */
async function wholeWalk({ device, lang, learner, press }) {
  const guest = await visitor(browser, service, device, { expected: SLOW_RENDERER });
  const { page } = guest;
  await signIn(page, lang, learner);
  await page.goto(`/${lang}/luding/`);
  await live(page);
  await page.locator('a[href$="/luding/scene/"]').first()[press]();
  await live(page);
  await hook(page, 'enter')[press]();
  await settled(page);
  await hook(page, 'stations')[press]();
  await hook(page, 'go-to', '[data-station="west-bank"]')[press]();
  const card = hook(page, 'card', '[data-station="west-bank"]');
  await card.waitFor();
  // A story begins on arrival.
  await card.locator('[data-hook="play"][aria-pressed="true"]').waitFor();
  await page.screenshot({ path: join(SHOTS, `walk-${lang}.png`) });
  await answer(page, 'west-bank');
  await complete(card, press);
  await sent(page);
  await counted(page, 'west-bank');
  await page.reload();
  await live(page);
  await page.locator('#stations [data-station="west-bank"][data-state="done"]').waitFor();
  await page.clock.install();
  for (const station of STATIONS.slice(1)) await completeByReading(page, lang, station);
  await sent(page);
  await counted(page, STATIONS.at(-1));
  assert.equal((await progress(page)).walks[0].state, 'waiting');
  return guest;
}

async function decide(learner, verdict, note) {
  const trainer = await visitor(browser, service, LAPTOP);
  const { page } = trainer;
  await openWalk(page, people(service).trainer[0], learner);
  await page.screenshot({ path: join(SHOTS, 'desk.png'), fullPage: true });
  await page.locator('textarea[name="note"]').first().fill(note);
  await page.locator(`button[value="${verdict}"]`).first().click();
  await page.waitForLoadState();
  await trainer.leave();
}

test('the whole walk in Chinese on a touch phone ends in confirmed credit', async () => {
  const learner = people(service).learner[0];
  const { page, leave } = await wholeWalk({ device: PHONE, lang: 'zh', learner, press: 'tap' });
  await decide(learner, 'confirm', '现场核对');
  await page.goto('/zh/me/');
  await hook(page, 'me-hours').filter({ hasText: '0.5' }).waitFor();
  await page.screenshot({ path: join(SHOTS, 'me-zh.png') });
  await leave();
});

test('the whole walk in English on a laptop can be returned with a reason', async () => {
  const learner = people(service).learner[1];
  const { page, leave } = await wholeWalk({ device: SMALL, lang: 'en', learner, press: 'click' });
  await decide(learner, 'return', '请补走第三站');
  await page.goto('/en/me/');
  await page.getByText('请补走第三站').first().waitFor();
  assert.equal((await progress(page)).walks[0].state, 'returned');
  await leave();
});

test('a station is reached, heard, answered and completed by keyboard alone', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: SLOW_RENDERER });
  await signIn(page, 'en', people(service).learner[2]);
  await page.goto('/en/luding/scene/');
  await live(page);
  const tabTo = async (wanted) => {
    for (let presses = 0; presses < 160; presses += 1) {
      if (await page.evaluate((selector) => document.activeElement?.matches(selector), wanted)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${wanted} cannot be reached by Tab`);
  };
  await tabTo('[data-hook="enter"]');
  await page.keyboard.press('Enter');
  await settled(page);
  await tabTo('#scene-canvas');
  await page.keyboard.press('n');
  // Arriving opens the station's card.
  const card = hook(page, 'card', '[data-station="west-bank"]');
  await card.waitFor();
  await tabTo('#scene-canvas');
  await page.keyboard.press('e');
  await page.locator('[data-hook="era-1935"][aria-pressed="true"]').waitFor();
  await page.keyboard.press('l');
  await page.locator('[data-hook="lens"][aria-pressed="true"]').waitFor();
  await hook(page, 'lens-count').filter({ hasText: /[1-9]/ }).first().waitFor();
  await page.screenshot({ path: join(SHOTS, 'lens.png') });
  await page.keyboard.press('l');
  await page.locator('[data-hook="lens"][aria-pressed="false"]').waitFor();
  const within = '[data-hook="card"][data-station="west-bank"]';
  // The story began on arrival; it is held and taken up again.
  await tabTo(`${within} [data-hook="play"]`);
  const playing = (pressed) => card.locator(`[data-hook="play"][aria-pressed="${pressed}"]`).waitFor();
  await playing(true);
  await page.keyboard.press('Enter');
  await playing(false);
  await page.keyboard.press('Enter');
  await playing(true);
  await tabTo(`${within} input[name="choice"]`);
  await page.keyboard.press('Space');
  for (let down = 0; down < RIGHT.get('west-bank'); down += 1) await page.keyboard.press('ArrowDown');
  await tabTo(`${within} [data-hook="question"] button[type="submit"]`);
  await page.keyboard.press('Enter');
  await card.locator('[data-hook="grade"]').filter({ hasText: /\S/ }).waitFor();
  await card.locator('[data-hook="complete"]:enabled').waitFor({ timeout: 90_000 });
  await tabTo(`${within} [data-hook="complete"]`);
  await page.keyboard.press('Enter');
  await card.locator('[data-hook="complete"][data-state="done"]').waitFor();
  await sent(page);
  await counted(page, 'west-bank');
  await leave();
});

test('a lost graphics context is said in words, and what was heard is there after the reload', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: [...SLOW_RENDERER, /CONTEXT_LOST_WEBGL/] });
  await enter(page, 'en', 'west-bank');
  const card = hook(page, 'card', '[data-station="west-bank"]');
  const heard = card.locator('[data-hook="requirements"]').filter({ hasText: /Heard [1-9]\d* s/ });
  await heard.waitFor({ timeout: 60_000 });
  const seconds = Number((await heard.innerText()).match(/Heard (\d+) s/)[1]);
  await page.evaluate(() => document.querySelector('#scene-canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
  await page.locator('[data-hook="failure"][data-failure="context-lost"]').waitFor();
  assert.match(await hook(page, 'failure-safe').innerText(), /nothing is lost/);
  await hook(page, 'failure-reload').click();
  await page.waitForFunction((least) => {
    const asks = document.querySelector('[data-hook="card"][data-station="west-bank"] [data-hook="requirements"]');
    const kept = asks?.textContent.match(/Heard (\d+) s/);
    return !document.querySelector('#scene-canvas') && Number(kept?.[1]) >= least;
  }, seconds);
  await leave();
});

test('a missing model is named, and the scene goes on without it', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: [...SLOW_RENDERER, /Failed to load resource/, /town\.glb/] });
  await page.route(/town\.glb/, (route) => route.abort());
  await page.goto('/zh/luding/scene/');
  await live(page);
  await hook(page, 'enter').click();
  await page.locator('[data-hook="failure"][data-failure="asset-missing"]').waitFor({ timeout: 120_000 });
  assert.match(await hook(page, 'failure-what').innerText(), /town/);
  await settled(page);
  await hook(page, 'failure-dismiss').click();
  await leave();
});
