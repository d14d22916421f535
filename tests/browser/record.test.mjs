// What is learned is never lost: crash of the service, two tabs, reload, sign-out with records waiting.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, PHONE, openBrowser, startService, visitor } from './harness.mjs';
import { STATIONS, answer, bringIntoView, complete, completeByReading, counted, hook, live, people, readFor, sent, signIn, until } from './steps.mjs';

let service, browser;
before(async () => {
  service = await startService();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

const OFFLINE = [/Failed to load resource/, /ERR_CONNECTION_REFUSED/, /ERR_INTERNET_DISCONNECTED/];

test('a service killed in the middle of a visit loses nothing and stores nothing twice', async () => {
  const { page, leave } = await visitor(browser, service, PHONE, { expected: OFFLINE });
  await page.clock.install();
  await signIn(page, 'zh', people(service).learner[0]);
  await completeByReading(page, 'zh', 'west-bank');
  await sent(page);
  await page.goto('/zh/luding/west-pavilion/');
  await live(page);
  await service.kill();
  await bringIntoView(hook(page, 'transcript'));
  await readFor(page, 60);
  await answer(page, 'west-pavilion');
  await complete(page);
  await hook(page, 'outbox').filter({ hasText: '2' }).waitFor();
  await service.start();
  await hook(page, 'outbox').click();
  await hook(page, 'send-now').click();
  await sent(page);
  await counted(page, 'west-bank');
  await counted(page, 'west-pavilion');
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  assert.match(metrics, /retrace_/);
  await hook(page, 'outbox-close').click();
  await leave();
});

test('two tabs share one visit and send each event once', async () => {
  const { context, page, leave } = await visitor(browser, service, LAPTOP);
  await page.clock.install();
  await signIn(page, 'en', people(service).learner[1]);
  const other = await context.newPage();
  await other.goto('/en/luding/west-bank/');
  await live(other);
  await completeByReading(page, 'en', 'west-bank');
  await sent(page);
  await other.locator('.station-head[data-state="done"]').waitFor();
  await counted(page, 'west-bank');
  await other.close();
  await leave();
});

test('progress at a station survives a reload', async () => {
  const { page, leave } = await visitor(browser, service, PHONE);
  await page.clock.install();
  await signIn(page, 'zh', people(service).learner[2]);
  await page.goto('/zh/luding/chains/');
  await live(page);
  await bringIntoView(hook(page, 'transcript'));
  await readFor(page, 45);
  await page.reload();
  await live(page);
  await answer(page, 'chains');
  await complete(page);
  await page.locator('.station-head[data-state="done"]').waitFor();
  await sent(page);
  await counted(page, 'chains');
  await leave();
});

test('a wrong answer is explained, kept, and can be mended', async () => {
  const { page, leave } = await visitor(browser, service, LAPTOP);
  await signIn(page, 'en', people(service).learner[2]);
  await page.goto('/en/luding/deck/');
  await live(page);
  await answer(page, 'deck', { right: false });
  const recall = (wanted) => until(page, async (value) => {
    const { walks } = await (await fetch('/v1/me/progress')).json();
    return walks[0]?.stations.find(({ station }) => station === 'deck')?.recall === value;
  }, wanted);
  await recall(false);
  assert.match(await hook(page, 'grade').innerText(), /\S{3}/);
  await answer(page, 'deck');
  await recall(true);
  await leave();
});

test('signing out is refused while a record waits, unless the member insists', async () => {
  const { context, page, leave } = await visitor(browser, service, LAPTOP, { expected: OFFLINE });
  await signIn(page, 'en', people(service).learner[1]);
  await page.goto('/en/luding/stele/');
  await live(page);
  await context.setOffline(true);
  await answer(page, 'stele');
  await hook(page, 'outbox').filter({ hasText: '1' }).waitFor();
  await hook(page, 'sign-out').click();
  const dialog = hook(page, 'sign-out-dialog');
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /1/);
  await page.keyboard.press('Escape');
  await context.setOffline(false);
  await sent(page);
  await hook(page, 'sign-out').click();
  await hook(page, 'sign-out-go').click();
  await page.locator('[data-hook="account"] a[href$="sign-in/"]').waitFor();
  await leave();
});

test('a session that ends in mid-visit leads back by signing in, with nothing lost', async () => {
  const { page, leave } = await visitor(browser, service, PHONE, { expected: [/401/] });
  const { code, pin } = people(service).learner[1];
  await signIn(page, 'zh', people(service).learner[1]);
  await page.goto('/zh/luding/mid-span/');
  await live(page);
  await page.evaluate(() => fetch('/v1/session', { method: 'DELETE' }));
  await answer(page, 'mid-span');
  await hook(page, 'notice').filter({ hasText: '登录已过期' }).waitFor();
  await hook(page, 'grade').filter({ hasText: '登录后评分' }).waitFor();
  await hook(page, 'outbox').filter({ hasText: '1' }).waitFor();
  await hook(page, 'sign-in-again').click();
  await page.waitForURL(/sign-in/);
  await live(page);
  await page.locator('#code').fill(code);
  await page.locator('#pin').fill(pin);
  await hook(page, 'sign-in-go').click();
  await page.waitForURL(/\/zh\/luding\/mid-span\/$/);
  await live(page);
  await sent(page);
  await hook(page, 'grade').filter({ hasText: '答对了' }).waitFor();
  await leave();
});

test('a walk that was returned shows its note, is done again, and waits again', async () => {
  const learner = people(service).learner[2];
  const { page, leave } = await visitor(browser, service, PHONE);
  await page.clock.install();
  await signIn(page, 'zh', learner);
  for (const station of STATIONS) {
    await page.goto(`/zh/luding/${station}/`);
    await live(page);
    if (!(await page.locator('.station-head[data-state="done"]').count())) await completeByReading(page, 'zh', station);
  }
  await sent(page);
  const is = (wanted) => until(page, async (state) => (await (await fetch('/v1/me/progress')).json()).walks[0].state === state, wanted);
  await is('waiting');
  const trainer = await visitor(browser, service, LAPTOP);
  await trainer.page.goto('/zh/sign-in/');
  await live(trainer.page);
  await trainer.page.locator('#code').fill(people(service).trainer[0].code);
  await trainer.page.locator('#pin').fill(people(service).trainer[0].pin);
  await hook(trainer.page, 'sign-in-go').click();
  await trainer.page.waitForURL(/\/desk\//);
  await trainer.page.getByRole('link', { name: new RegExp(learner.name) }).first().click();
  await trainer.page.locator('textarea[name="note"]').first().fill('请重走最后一站');
  await trainer.page.locator('button[value="return"]').first().click();
  await trainer.page.waitForLoadState();
  await trainer.leave();
  await page.goto('/zh/me/');
  await hook(page, 'walk-note').filter({ hasText: '请重走最后一站' }).waitFor();
  await page.goto(`/zh/luding/${STATIONS.at(-1)}/`);
  await live(page);
  await complete(page.locator('main'));
  await sent(page);
  await is('waiting');
  await page.goto('/zh/me/');
  await hook(page, 'walk-state').filter({ hasText: '待确认' }).waitFor();
  await leave();
});
