// When the scene's program ends, the page says so in words instead of standing still.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAPTOP, opened, visitor } from './harness.mjs';
import { hook, live } from './steps.mjs';

const { service, browser } = await opened();

test('a program that ends, and a browser without memory, are told in words, and neither hides the other', async () => {
  const expected = [/unreachable/, /allocation failed/, /net::ERR_/, /GL Driver Message/, /GPU stall/];
  const { page, leave } = await visitor(browser, service, { ...LAPTOP, viewport: { width: 480, height: 400 } }, { expected });
  await page.goto('/en/luding/scene/');
  await live(page);
  // Before the scene is entered such an error is not the scene's.
  const fail = (kind, message) => page.evaluate(([name, text]) => {
    const fault = name === 'RuntimeError' ? new WebAssembly.RuntimeError(text) : new RangeError(text);
    return new Promise((told) => setTimeout(() => { setTimeout(told); throw fault; }));
  }, [kind, message]);
  await fail('RuntimeError', 'unreachable');
  assert.equal(await hook(page, 'failure').isVisible(), false);
  await page.route('**/companion_bg.wasm', () => {}); // The program is for ever on its way.
  await hook(page, 'enter').click();
  await page.locator('[data-hook="stage"][data-state="loading"]').waitFor();
  await fail('RangeError', 'Array buffer allocation failed');
  await hook(page, 'failure-said').filter({ hasText: 'Memory ran out' }).waitFor();
  assert.equal(await hook(page, 'loading').isVisible(), false);
  for (const way of ['failure-reload', 'failure-read']) assert.ok(await hook(page, way).isVisible(), way);
  await fail('RuntimeError', 'unreachable');
  await hook(page, 'failure-what').filter({ hasText: /allocation failed · .*unreachable/ }).waitFor();
  assert.match(await hook(page, 'failure-said').innerText(), /Memory ran out/);
  assert.equal(await page.locator('[data-hook="stage"]').getAttribute('data-state'), 'failed');
  await leave();
});
