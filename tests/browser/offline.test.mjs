// Without a network: what was opened opens again, what is completed waits, and goes out when the network is back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAPTOP, PHONE, opened, visitor } from './harness.mjs';
import { completeByReading, counted, hook, live, people, sent, signIn, until } from './steps.mjs';

const { service, browser } = await opened();

const ONLINE_ONLY = [/net::ERR_/, /\/zh\/luding\/deck\/\)$/, /GL Driver Message/, /GPU stall/];
const worked = (page) => page.evaluate(async () => {
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
});
/** Waits until the worker keeps every one of `patterns`. */
const kept = (page, patterns) => until(page, async (wanted) => {
  const all = [];
  for (const name of await caches.keys()) all.push(...(await (await caches.open(name)).keys()).map(({ url }) => url));
  return wanted.every((part) => all.some((url) => url.includes(part)));
}, patterns, { seconds: 60 });

test('a station opened before is read and completed without a network, and counts when it is back', async () => {
  const { context, page, leave } = await visitor(browser, service, PHONE, { expected: ONLINE_ONLY, serviceWorkers: 'allow' });
  await signIn(page, 'zh', people(service).learner[0]);
  await worked(page);
  await page.goto('/zh/luding/stele/');
  await live(page);
  await kept(page, ['/zh/luding/stele/', 'outline.json']);
  await context.setOffline(true);
  await page.clock.install();
  await completeByReading(page, 'zh', 'stele');
  await hook(page, 'outbox').filter({ hasText: '2' }).waitFor();
  const elsewhere = await page.goto('/zh/luding/deck/');
  assert.equal(elsewhere.status(), 503);
  assert.match(await page.locator('main').innerText(), /待传的记录都在/);
  await page.goto('/zh/luding/stele/');
  await context.setOffline(false);
  await page.reload();
  await live(page);
  await sent(page);
  await counted(page, 'stele');
  await leave();
});

test('the scene opens again without a network', async () => {
  const { context, page, leave } = await visitor(browser, service, { ...LAPTOP, viewport: { width: 480, height: 270 } }, { expected: ONLINE_ONLY, serviceWorkers: 'allow' });
  await page.goto('/en/luding/');
  await live(page);
  await worked(page);
  const enter = async () => {
    await page.goto('/en/luding/scene/');
    await live(page);
    await hook(page, 'enter').click();
    await page.locator('[data-hook="stage"][data-state="ready"]').waitFor({ timeout: 120_000 });
  };
  await enter();
  await page.locator('[data-hook="stage"][data-tier]').waitFor({ timeout: 120_000 });
  await kept(page, ['companion_bg.wasm', 'companion.js', '/en/luding/scene/']);
  await context.setOffline(true);
  await enter();
  assert.equal(await hook(page, 'failure').isVisible(), false);
  await leave();
});
