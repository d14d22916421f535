// What may go wrong in the scene, and what must last: a reload in mid-visit, a lost context, a missing model.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened, visitor } from './harness.mjs';
import { answer, bringIntoView, complete, counted, hook, live, people, sent, signIn } from './steps.mjs';
import { DESK, SLOW_RENDERER, SMALL, arrived, cardOf, enter, frames, holdClock, readCard, settled, when } from './stage.mjs';

const { service, browser } = await opened();

/** Seconds heard and read so far at `station`, once some are of each kind that `kinds` asks for; text in English. */
async function attended(page, station, least = { heard: 0, read: 0 }) {
  const asks = await page.waitForFunction(([name, { heard, read }]) => {
    const text = document.querySelector(`[data-hook="card"][data-station="${name}"] [data-hook="requirements"]`)?.textContent;
    const secs = (word) => Number(text?.match(new RegExp(`${word} (?:for )?(\\d+) s`))?.[1] ?? 0);
    const now = { heard: secs('Heard'), read: secs('[Rr]ead') };
    // Once reading alone will do, what was heard is not told any more.
    const enough = /Read for \d+ s; \d+ s are asked for \(met\)/.test(text);
    return (now.heard >= heard || enough) && now.read >= read && now;
  }, [station, least], { timeout: 60_000 });
  return asks.jsonValue();
}

test('a reload in mid-visit comes back to the station, the way of moving and the era, and what was heard still counts', async () => {
  const { page, leave } = await visitor(browser, service, DESK, { expected: SLOW_RENDERER });
  await holdClock(page);
  await signIn(page, 'en', people(service).learner[0]);
  await enter(page, 'en', 'chains');
  await arrived(page, 'chains');
  await page.locator('#scene-canvas').focus();
  await page.keyboard.press('2');
  await hook(page, 'mode-foot', '[aria-pressed="true"]').waitFor();
  await page.keyboard.press('e');
  await hook(page, 'era-1935', '[aria-pressed="true"]').waitFor();
  const card = cardOf(page, 'chains');
  await card.locator('[data-hook="transcript"]').first().hover();
  for (let gone = 0; gone < 10; gone += 2) await page.clock.fastForward(2000);
  const before = await attended(page, 'chains', { heard: 3, read: 8 });
  await card.locator('[data-hook="complete"]:disabled').waitFor();

  await page.reload();
  await live(page);
  await hook(page, 'enter').click();
  await settled(page);
  await arrived(page, 'chains');
  const now = await when(page, ({ mode, era, settled: still }) => mode === 'foot' && era === '1935' && still);
  assert.equal(now.here, 'chains');
  assert.ok(Math.abs(now.eye.x + 36) < 8, `the eye stands at ${now.eye.x} m east, and not at the chains`);
  await hook(page, 'mode-foot', '[aria-pressed="true"]').waitFor();
  await hook(page, 'era-1935', '[aria-pressed="true"]').waitFor();
  await attended(page, 'chains', before);
  await readCard(page, 'en', 'chains', bringIntoView, (text) => text.hover());
  await answer(page, 'chains');
  await complete(card);
  await sent(page);
  await counted(page, 'chains');
  await leave();
});

test('whoever enters before the page is live is let in once it is, and the program has been fetched meanwhile', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: SLOW_RENDERER });
  let letIn;
  const held = new Promise((resolve) => { letIn = resolve; });
  await page.route('**/lobby_bg.wasm', async (route) => { await held; await route.continue(); });
  const programs = [];
  page.on('request', (request) => { if (request.url().endsWith('companion_bg.wasm')) programs.push(request); });
  await page.goto('/zh/luding/scene/');
  const [program] = await Promise.all([page.waitForEvent('requestfinished', (request) => request.url().endsWith('companion_bg.wasm')), hook(page, 'enter').click()]);
  assert.equal((await program.response()).status(), 200);
  await hook(page, 'loading-bar').waitFor();
  assert.equal(await hook(page, 'enter').isVisible(), false);
  letIn();
  await settled(page);
  assert.equal(programs.length, 1);
  await leave();
});

test('a lost graphics context is said in words, and what was heard is there after the reload', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: [...SLOW_RENDERER, /CONTEXT_LOST_WEBGL/] });
  await enter(page, 'en', 'west-bank');
  const before = await attended(page, 'west-bank', { heard: 1, read: 0 });
  await page.evaluate(() => document.querySelector('#scene-canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
  await hook(page, 'failure', '[data-failure="context-lost"]').waitFor();
  assert.match(await hook(page, 'failure-safe').innerText(), /nothing is lost/);
  await hook(page, 'failure-reload').click();
  await page.locator('#scene-canvas').waitFor({ state: 'detached' });
  await live(page);
  await attended(page, 'west-bank', before);
  await leave();
});

test('a missing model is named, and the scene goes on without it', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: [...SLOW_RENDERER, /Failed to load resource/, /town\.packed/] });
  await page.route(/town\.packed/, (route) => route.abort());
  await page.goto('/zh/luding/scene/');
  await live(page);
  await hook(page, 'enter').click();
  await hook(page, 'failure', '[data-failure="asset-missing"]').waitFor({ timeout: 120_000 });
  assert.match(await hook(page, 'failure-what').innerText(), /town/);
  await settled(page);
  await hook(page, 'failure-dismiss').click();
  await hook(page, 'failure').waitFor({ state: 'hidden' });
  await page.locator('#scene-canvas').focus();
  await page.keyboard.down('ArrowLeft');
  await frames(page, 10);
  await page.keyboard.up('ArrowLeft');
  await leave();
});

test('what the scene needs first is fetched once, while its program is made ready', async () => {
  const { page, leave } = await visitor(browser, service, SMALL, { expected: SLOW_RENDERER });
  await enter(page, 'en', 'west-bank');
  const { first, fetched } = await page.evaluate(() => ({
    first: document.querySelector('[data-hook="stage"]').dataset.first.split(' '),
    fetched: performance.getEntriesByType('resource').map(({ name, initiatorType }) => [new URL(name).pathname, initiatorType]),
  }));
  assert.ok(first.some((address) => address.endsWith('/site.json')) && first.some((address) => address.endsWith('.packed')), `${first}`);
  for (const address of first) assert.deepEqual(fetched.filter(([path]) => path === address), [[address, 'link']]);
  await leave();
});
