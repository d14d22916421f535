// The pages by themselves: they read without scripts, stand without a scene, and hold up to an accessibility audit in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAPTOP, PHONE, audit, opened, visitor } from './harness.mjs';
import { completeByReading, counted, hook, live, people, sent, signIn } from './steps.mjs';

const { service, browser } = await opened(['--disable-gpu', '--disable-3d-apis']);

const PAGES = ['', 'luding/', 'luding/stele/', 'luding/scene/', 'luding/foot/', 'me/', 'sign-in/', 'about/', 'help/', 'verify/', 'zunyi/', 'gutian/'];

for (const [lang, device] of [['zh', PHONE], ['en', LAPTOP]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`every page is accessible and fits its window: ${lang}, ${colorScheme}`, async () => {
      const { page, leave } = await visitor(browser, service, { ...device, colorScheme });
      for (const path of PAGES) {
        await page.goto(`/${lang}/${path}`);
        await live(page);
        await audit(page);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(over <= 0, `/${lang}/${path} is ${over} px too wide`);
      }
      await leave();
    });
  }
}

test('a station reads whole without scripts', async () => {
  const { context, page } = await visitor(browser, service, PHONE, { javaScriptEnabled: false });
  await page.goto('/zh/luding/stele/');
  const text = await page.locator('main').innerText();
  for (const words of ['康熙四十八年', '103.67', '合成语音']) assert.ok(text.includes(words), `${words} is missing`);
  assert.equal(await page.locator('audio track[kind="captions"]').count(), 2);
  // The audit needs a script of its own: it reads the same page with ours taken out, and what stands in for them left in.
  const body = (await page.content()).replace(/<script[^>]*><\/script>/g, '').replace(/<\/?noscript>/g, '');
  await context.close();
  const read = await visitor(browser, service, PHONE);
  await read.page.route('**/zh/luding/stele/', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  await read.page.goto('/zh/luding/stele/');
  assert.equal(await read.page.evaluate(() => document.documentElement.dataset.lobby), undefined);
  await read.leave();
});

test('without WebGL the scene page says so in words, and the same station counts by reading', async () => {
  const { page, leave } = await visitor(browser, service, PHONE);
  await page.clock.install();
  await signIn(page, 'zh', people(service).learner[1]);
  await page.goto('/zh/luding/scene/');
  await live(page);
  await hook(page, 'failure').filter({ hasText: 'WebGL' }).waitFor();
  await completeByReading(page, 'zh', 'stele');
  await sent(page);
  await counted(page, 'stele');
  await leave();
});

test('an unknown address is answered in both languages', async () => {
  const { page, leave } = await visitor(browser, service, PHONE, { expected: [/404/] });
  const answer = await page.goto('/zh/nowhere/');
  assert.equal(answer.status(), 404);
  const text = await page.locator('main').innerText();
  for (const words of ['没有这一页', 'No such page', '已存的记录不受影响']) assert.ok(text.includes(words), `${words} is missing`);
  await leave();
});
