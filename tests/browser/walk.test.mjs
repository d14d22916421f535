// The whole walk, from the first page to confirmed credit: in Chinese with fingers on a phone, in English on a laptop.
// Every station is reached, read, answered and completed in the scene, and one stretch of the bridge is walked on foot.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LAPTOP, PHONE, ROOT, opened, visitor } from './harness.mjs';
import { SITE, STATIONS, answer, bringIntoView, complete, counted, decide, enterCode, hook, live, openWalk, people, progress, sent } from './steps.mjs';
import { SLOW_RENDERER, arrived, cardOf, fingers, frames, holdClock, probe, readCard, settled, when } from './stage.mjs';

const SHOTS = join(ROOT, 'target/shots');
mkdirSync(SHOTS, { recursive: true });
const { span_m: SPAN_M, sag_m: SAG_M } = SITE.scene.chains;
const EYES_M = 1.65;
/** How far the tread lies over the deck chains, as the floors of the site say at the bridge's end. */
const TREAD_M = SITE.scene.floors.find(({ name }) => name === 'deck-1').corners[0].up_m;

const { service, browser } = await opened();

/** Follows a link or button to the page at `path`. */
async function go(page, link, press, path) {
  await link[press]();
  await page.waitForURL(path);
  await live(page);
}

/** From the first page by sign-in and site into the scene. */
async function enterFromFirstPage(page, lang, learner, press) {
  await page.goto(`/${lang}/`);
  await live(page);
  await go(page, hook(page, 'account').locator('a'), press, `/${lang}/sign-in/`);
  await enterCode(page, learner, press);
  await page.waitForURL(`/${lang}/me/`);
  await live(page);
  await hook(page, 'account').getByText(learner.name).waitFor();
  await go(page, page.locator(`.masthead-nav a[href="/${lang}/"]`), press, `/${lang}/`);
  await go(page, page.locator(`h2 a[href="/${lang}/luding/"]`), press, `/${lang}/luding/`);
  await go(page, page.locator('a.button-next[href$="/luding/scene/"]'), press, `/${lang}/luding/scene/`);
  await hook(page, 'enter')[press]();
  await settled(page);
}

async function goTo(page, station, press) {
  await hook(page, 'stations')[press]();
  await hook(page, 'go-to', `[data-station="${station}"]`)[press]();
  await arrived(page, station);
}

/** Reads the station whose card is open, answers and completes it. */
async function tellAndComplete(page, lang, station, press, sign) {
  await readCard(page, lang, station, bringIntoView, sign);
  await answer(page, station, { press });
  await complete(cardOf(page, station), press);
}

/**
 * Walks east over the deck of today until `station` is reached, by whatever `step` does to set out and `stop` to halt, and
 * holds that it was a walk: along the bridge, between its rails, eyes as high over the tread as a person's.
 */
async function walkTo(page, station, { step, stop }) {
  const from = await probe(page);
  assert.equal(from.mode, 'foot');
  assert.equal(from.era, 'today');
  await step();
  const way = [];
  await when(page, ({ eye, here }) => way.push(eye) && here === station);
  await stop();
  for (const [index, { x, y, z }] of way.entries()) {
    if (index > 0) assert.ok(x >= way[index - 1].x - 0.01, `walked back at ${x}`);
    const t = x / SPAN_M + 0.5;
    const tread_m = -4 * SAG_M * t * (1 - t) + TREAD_M;
    assert.ok(Math.abs(y - tread_m - EYES_M) < 0.1, `eyes ${y - tread_m} m over the tread at ${x}`);
    assert.ok(Math.abs(z) < 1.2, `${z} m off the middle at ${x}`);
  }
  const to = await probe(page);
  assert.ok(to.eye.x - from.eye.x > 12, `only ${to.eye.x - from.eye.x} m were walked`);
  assert.ok(to.frame - from.frame > 20, `only ${to.frame - from.frame} frames were drawn on the way`);
  await cardOf(page, station).waitFor();
}

/** The trainer confirms at the desk, and the member sees the credit. */
async function confirmAndSee(page, lang, learner) {
  await sent(page);
  for (const station of STATIONS) await counted(page, station);
  assert.equal((await progress(page)).walks[0].state, 'waiting');
  const trainer = await visitor(browser, service, LAPTOP);
  await openWalk(trainer.page, people(service).trainer[0], learner);
  await trainer.page.screenshot({ path: join(SHOTS, `desk-${lang}.png`), fullPage: true });
  await decide(trainer.page, 'confirm', lang === 'zh' ? '现场核对' : 'Checked on site');
  await trainer.leave();
}

test('the whole walk in Chinese, with fingers on a phone, ends in confirmed credit', async () => {
  const learner = people(service).learner[0];
  const { page, leave } = await visitor(browser, service, PHONE, { expected: SLOW_RENDERER });
  await holdClock(page);
  await enterFromFirstPage(page, 'zh', learner, 'tap');
  const touch = await fingers(page);
  const sheet = (state) => sheetAt(page, state);
  const tapText = (text) => text.tap();
  await hook(page, 'mode-foot').tap();
  await hook(page, 'mode-foot', '[aria-pressed="true"]').waitFor();
  for (const station of STATIONS) {
    const card = cardOf(page, station);
    if (station === 'mid-span') {
      await sheet('peek');
      await walkByThumbs(page, touch, station);
    } else {
      await goTo(page, station, 'tap');
    }
    await sheet('peek');
    if (station === STATIONS[0]) {
      // A story begins on arrival.
      await card.locator('[data-hook="play"][aria-pressed="true"]').waitFor();
      await page.screenshot({ path: join(SHOTS, 'walk-zh.png') });
      await pullSheet(page, touch, card);
    } else {
      await card.locator('[data-hook="card-grip"]').tap();
    }
    await sheet('open');
    await tellAndComplete(page, 'zh', station, 'tap', tapText);
    await card.locator('[data-hook="card-grip"]').tap();
    await sheet('peek');
  }
  await confirmAndSee(page, 'zh', learner);
  await hook(page, 'more').tap();
  await go(page, page.locator('.more-tools a'), 'tap', '/zh/luding/');
  await go(page, page.locator('.masthead-nav a[href="/zh/me/"]'), 'tap', '/zh/me/');
  await hook(page, 'me-hours').filter({ hasText: '0.5' }).waitFor();
  await page.screenshot({ path: join(SHOTS, 'me-zh.png') });
  await leave();
});

/** The sheet has come to rest: one on its way lies over the picture, and is taken hold of at one height and measured at another. */
async function sheetAt(page, state) {
  await hook(page, 'stage', `[data-sheet="${state}"]`).waitFor();
  await hook(page, 'panel').evaluate((panel) => Promise.all(panel.getAnimations().map(({ finished }) => finished.catch(() => {}))));
}

/** Pulls the card up and down by its head, and up again: it follows the finger and rests where it was pulled. */
async function pullSheet(page, touch, card) {
  const height = () => hook(page, 'panel').evaluate((panel) => panel.getBoundingClientRect().height);
  for (const [up, state] of [[240, 'open'], [-240, 'peek'], [240, 'open']]) {
    const { x, y } = await card.locator('h2').boundingBox();
    const before = await height();
    await touch.put(0, x + 20, y + 10);
    for (let gone = 20; gone <= 240; gone += 20) await touch.move(0, x + 20, y + 10 - gone * Math.sign(up));
    // The card follows the finger, the last move with the next frame.
    await page.waitForFunction((wanted) => document.querySelector('[data-hook="stage"][data-dragging]')
      && Math.abs(document.querySelector('[data-hook="panel"]').getBoundingClientRect().height - wanted) < 3, before + up);
    await touch.lift(0);
    await sheetAt(page, state);
    await page.waitForFunction((wanted) => {
      const [panel, stage] = ['panel', 'stage'].map((name) => document.querySelector(`[data-hook="${name}"]`).getBoundingClientRect());
      return wanted === 'open' ? panel.height > 0.6 * stage.height : panel.height < 0.2 * stage.height;
    }, state);
  }
}

/** The left thumb walks while the right one turns the view; lifted, both are at rest. */
async function walkByThumbs(page, touch, station) {
  const { x, y, width, height } = await page.locator('#scene-canvas').boundingBox();
  const [left, right, low] = [x + width * 0.25, x + width * 0.75, y + height * 0.55];
  const before = await probe(page);
  await walkTo(page, station, {
    step: async () => {
      await touch.put(0, left, low);
      await touch.put(1, right, low);
      for (let lean = 8; lean <= 64; lean += 8) await touch.move(0, left, low - lean);
      // Half a finger's breadth: enough to see the view turn, and not to walk askance.
      for (let drag = 4; drag <= 24; drag += 4) await touch.move(1, right + drag, low);
      await when(page, ({ eye }) => Math.abs(eye.yaw - before.eye.yaw) > 0.05);
      await touch.lift(1);
    },
    stop: () => touch.lift(0),
  });
  const { eye } = await when(page, ({ settled: still }) => still);
  assert.deepEqual((await frames(page, 5)).eye, eye, 'a lifted thumb walks on');
}

test('the whole walk in English, on a laptop at the lowest tier, ends in confirmed credit', async () => {
  const learner = people(service).learner[1];
  const { page, leave } = await visitor(browser, service, LAPTOP, { expected: SLOW_RENDERER });
  await holdClock(page);
  await enterFromFirstPage(page, 'en', learner, 'click');
  // What was measured here is a software renderer.
  assert.equal(await hook(page, 'stage').getAttribute('data-tier'), 'floor');
  assert.match(await hook(page, 'quality-said').textContent(), /basic \(chosen by measuring\)/);
  assert.equal((await probe(page)).tier, 'floor');
  for (const station of STATIONS) {
    if (station === 'mid-span') await walkByKeys(page, station);
    else await goTo(page, station, 'click');
    if (station === STATIONS[0]) await page.screenshot({ path: join(SHOTS, 'walk-en.png') });
    await tellAndComplete(page, 'en', station, 'click', (text) => text.hover());
  }
  await confirmAndSee(page, 'en', learner);
  await go(page, page.locator('.more-tools a'), 'click', '/en/luding/');
  await go(page, page.locator('.masthead-nav a[href="/en/me/"]'), 'click', '/en/me/');
  await hook(page, 'me-hours').filter({ hasText: '0.5' }).waitFor();
  await leave();
});

async function walkByKeys(page, station) {
  await page.locator('#scene-canvas').focus();
  await page.keyboard.press('2');
  await when(page, ({ mode, settled: still }) => mode === 'foot' && still);
  await walkTo(page, station, {
    step: async () => { await page.keyboard.down('Shift'); await page.keyboard.down('w'); },
    stop: async () => { await page.keyboard.up('w'); await page.keyboard.up('Shift'); },
  });
}
