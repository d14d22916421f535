// A guided visit seen from the page: it is held by a button, and it waits while a question is answered. What the scene
// says is said for it, so that nothing waits for a picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAPTOP, PHONE, opened, visitor } from './harness.mjs';
import { hook, live } from './steps.mjs';

const { service, browser } = await opened();

const say = (page, ...said) => page.evaluate((all) => {
  for (const detail of all) dispatchEvent(new CustomEvent('retrace:said', { detail }));
}, said.map((one) => JSON.stringify(one)));

/** Opens the scene's page, listens to what it tells the scene, and says that the scene can be walked and leads. */
async function led(device, lang) {
  const guest = await visitor(browser, service, device);
  const { page } = guest;
  await page.goto(`/${lang}/luding/scene/`);
  await live(page);
  await page.evaluate(() => {
    window.told = [];
    addEventListener('retrace:told', ({ detail }) => window.told.push(JSON.parse(detail)));
  });
  await say(page, { type: 'ready' }, { type: 'moving', mode: 'guided' }, { type: 'arrived', station: 'west-bank' });
  await hook(page, 'hold').waitFor();
  return guest;
}

/** The next thing of this kind that the scene is told. */
const told = (page, type) => page.waitForFunction((wanted) => {
  const at = window.told.findIndex((one) => one.type === wanted);
  return at >= 0 && window.told.splice(at, 1)[0];
}, type).then((handle) => handle.jsonValue());

test('a guided visit is held and goes on by its button on a touch phone', async () => {
  const { page, leave } = await led(PHONE, 'zh');
  const { height, x } = await hook(page, 'hold').boundingBox();
  assert.ok(height >= 44 && x >= 0, 'large enough for a thumb');
  await hook(page, 'hold').tap();
  await told(page, 'pause');
  await say(page, { type: 'held', on: true });
  await hook(page, 'hold', '[aria-pressed="true"]').tap();
  await told(page, 'resume');
  await say(page, { type: 'held', on: false }, { type: 'moving', mode: 'foot' });
  await hook(page, 'hold').waitFor({ state: 'hidden' });
  await leave();
});

test('Space holds the way from anywhere on the page', async () => {
  const { page, leave } = await led(LAPTOP, 'en');
  await page.locator('#card-west-bank').focus();
  await page.keyboard.press('Space');
  await told(page, 'pause');
  await leave();
});

test('a guided visit is told of a question that has the focus, or a choice that was not sent', async () => {
  const { page, leave } = await led(LAPTOP, 'en');
  const form = hook(page, 'question', '[data-station="west-bank"]');
  await form.locator('input[name="choice"]').first().check();
  assert.deepEqual(await told(page, 'answering'), { type: 'answering', on: true });
  // An account that follows by itself opens its card, and leaves the focus where it is.
  await say(page, { type: 'opened', point: 'place' });
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  assert.ok(await form.evaluate((it) => it.matches(':focus-within')), 'the focus was taken away');
  await form.locator('button[type="submit"]').click();
  await form.locator('[data-hook="grade"]').filter({ hasText: /\S/ }).waitFor();
  await page.locator('#card-west-bank').focus();
  assert.deepEqual(await told(page, 'answering'), { type: 'answering', on: false });
  await form.locator('input[name="choice"]').nth(1).check();
  assert.deepEqual(await told(page, 'answering'), { type: 'answering', on: true });
  await page.locator('#card-west-bank').focus();
  // Another station's card is another question.
  await say(page, { type: 'arrived', station: 'chains' });
  assert.deepEqual(await told(page, 'answering'), { type: 'answering', on: false });
  await leave();
});

test('the marker under the mouse is named with its metres', async () => {
  const { page, leave } = await led(LAPTOP, 'en');
  const pointed = (point, away_m) => ({ type: 'pointed', point, at_px: [300, 200], away_m });
  await say(page, pointed('river', 86));
  await hook(page, 'mark-label').filter({ hasText: / · 86 m$/ }).waitFor();
  await say(page, pointed(null, 0));
  await hook(page, 'mark-label').waitFor({ state: 'hidden' });
  await leave();
});
