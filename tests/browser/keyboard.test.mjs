// By keyboard alone, from the first page to the last station: not one call of this file moves or presses a pointer.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, opened, visitor } from './harness.mjs';
import { RIGHT, STATIONS, counted, hook, judged, live, people, progress, sent } from './steps.mjs';
import { DESK, SLOW_RENDERER, arrived, cardOf, holdClock, probe, readCard, settled } from './stage.mjs';

const SHOTS = join(ROOT, 'target/shots');
mkdirSync(SHOTS, { recursive: true });

const { service, browser } = await opened();

const focused = (page, selector) => page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);

/** Presses Tab until `selector` has the focus and can be seen to have it. */
async function tabTo(page, selector) {
  for (let presses = 0; !(await focused(page, selector)); presses += 1) {
    if (presses > 160) throw new Error(`${selector} cannot be reached by Tab`);
    await page.keyboard.press('Tab');
  }
  const ring = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
  });
  assert.ok(ring, `${selector} has the focus and does not show it`);
}

/** Follows a link by Tab and Enter. */
async function go(page, selector, path) {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
  await page.waitForURL(path);
  await live(page);
}

/** Brings a text into view by the keys that scroll, from the head of its telling, or of the card. */
async function scrollTo(page, text) {
  const seen = () => text.evaluate((element) => new Promise((told) => {
    new IntersectionObserver(([{ intersectionRect, boundingClientRect }], observer) => {
      observer.disconnect();
      told(intersectionRect.height >= Math.min(boundingClientRect.height, innerHeight) / 2);
    }).observe(element);
  }));
  // A press during a glide only turns the glide, so that each is let come to rest before the next.
  const rest = () => page.waitForFunction(() => {
    const rested = window.scrollRested;
    delete window.scrollRested;
    return rested;
  }, null, { timeout: 5_000 });
  while (!(await seen())) {
    await page.evaluate(() => document.addEventListener('scrollend', () => { window.scrollRested = true; }, { capture: true, once: true }));
    await page.keyboard.press('PageDown');
    await rest().catch(() => { throw new Error('the text cannot be scrolled to by keys'); });
  }
}

async function signInByKeys(page, { code, pin, name }) {
  await go(page, '[data-hook="account"] a', '/en/sign-in/');
  await tabTo(page, '#code');
  await page.keyboard.type(code);
  await tabTo(page, '#pin');
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
  await page.waitForURL('/en/me/');
  await live(page);
  await hook(page, 'account').getByText(name).waitFor();
}

/** Reads, answers and completes the station whose card is open. */
async function completeByKeys(page, station) {
  const card = cardOf(page, station);
  const within = `[data-hook="card"][data-station="${station}"]`;
  await tabTo(page, `${within} [data-hook="play"]`);
  await readCard(page, 'en', station, (text) => scrollTo(page, text), () => page.keyboard.press('Shift'));
  await tabTo(page, `${within} input[name="choice"]`);
  await page.keyboard.press('Space');
  for (let down = 0; down < RIGHT.get(station); down += 1) await page.keyboard.press('ArrowDown');
  await tabTo(page, `${within} [data-hook="question"] button[type="submit"]`);
  await page.keyboard.press('Enter');
  await judged(hook(card, 'question'));
  await card.locator('[data-hook="complete"]:enabled').waitFor();
  await tabTo(page, `${within} [data-hook="complete"]`);
  await page.keyboard.press('Enter');
  await card.locator('[data-hook="complete"][data-state="done"]').waitFor();
}

/** The voice, the two states of the place and the lens obey their keys. */
async function tryTools(page, card) {
  const pressed = (name, on) => hook(page, name, `[aria-pressed="${on}"]`).waitFor();
  assert.ok(await focused(page, '#scene-canvas'));
  const playing = (on) => card.locator(`[data-hook="play"][aria-pressed="${on}"]`).first().waitFor();
  // The story began on arrival; it is held and taken up again.
  await playing(true);
  await page.keyboard.press('Space');
  await playing(false);
  await page.keyboard.press('Space');
  await playing(true);
  await page.keyboard.press('e');
  await pressed('era-1935', true);
  await page.keyboard.press('l');
  await pressed('lens', true);
  await hook(page, 'lens-count').filter({ hasText: /[1-9]/ }).first().waitFor();
  await page.screenshot({ path: join(SHOTS, 'lens.png') });
  await page.keyboard.press('l');
  await pressed('lens', false);
  await page.keyboard.press('h');
  await hook(page, 'help-dialog', '[open]').waitFor();
  await page.keyboard.press('Escape');
  await hook(page, 'help-dialog', '[open]').waitFor({ state: 'detached' });
}

test('from the first page to the last station by keyboard alone', async () => {
  const { page, leave } = await visitor(browser, service, DESK, { expected: SLOW_RENDERER });
  await holdClock(page);
  await page.goto('/en/');
  await live(page);
  await signInByKeys(page, people(service).learner[2]);
  await go(page, '.masthead-nav a[href="/en/"]', '/en/');
  await go(page, 'h2 a[href="/en/luding/"]', '/en/luding/');
  await go(page, 'a.button-next[href$="/luding/scene/"]', '/en/luding/scene/');
  await tabTo(page, '[data-hook="enter"]');
  await page.keyboard.press('Enter');
  await settled(page);
  for (const station of STATIONS) {
    assert.ok(await focused(page, '#scene-canvas'), `the scene does not have the keyboard before ${station}`);
    await page.keyboard.press('n');
    // Arriving opens the station's card.
    await arrived(page, station);
    if (station === STATIONS[0]) await tryTools(page, cardOf(page, station));
    await completeByKeys(page, station);
    await page.keyboard.press('Escape');
    await hook(page, 'stage', '[data-panel="closed"]').waitFor();
  }
  await sent(page);
  for (const station of STATIONS) await counted(page, station);
  assert.equal((await progress(page)).walks[0].state, 'waiting');
  assert.equal((await probe(page)).era, '1935');
  await leave();
});
