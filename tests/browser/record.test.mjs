// What is learned is never lost: crash of the service, two tabs, reload, sign-out with records waiting.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAPTOP, PHONE, opened, visitor } from './harness.mjs';
import { KEYS, SITE, STATIONS, answer, bringIntoView, complete, completeByReading, counted, hook, keptVisit, live, openWalk, people, readFor, sent, signIn, until } from './steps.mjs';

const { service, browser } = await opened();

const OFFLINE = [/net::ERR_/];

/** How many events the service has received since it started, by what became of them. */
async function events() {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const count = (result) => Number(text.match(new RegExp(`^retrace_events_total\\{result="${result}"\\} (\\d+)$`, 'm'))[1]);
  return { stored: count('stored'), duplicate: count('duplicate') };
}

test('a service killed in the middle of a visit loses nothing and stores nothing twice', async () => {
  const { page, leave } = await visitor(browser, service, PHONE, { expected: OFFLINE });
  await page.clock.install();
  await signIn(page, 'zh', people(service).learner[0]);
  // The record reaches the service, and the service dies before its answer is out.
  const died = new Promise((told) => page.route('**/v1/events', async (route) => {
    await route.fetch();
    const before = await events();
    await service.kill();
    await route.abort('connectionreset');
    told(before);
  }, { times: 1 }));
  await completeByReading(page, 'zh', 'west-bank');
  assert.deepEqual(await died, { stored: 2, duplicate: 0 }, 'an answer and a completion');
  await hook(page, 'outbox').filter({ hasText: '1' }).waitFor();
  await service.start();
  await page.goto('/zh/luding/west-pavilion/');
  await live(page);
  await sent(page);
  assert.deepEqual(await events(), { stored: 0, duplicate: 1 });
  await service.kill();
  await bringIntoView(hook(page, 'transcript'));
  await readFor(page, 60);
  await answer(page, 'west-pavilion');
  await complete(page);
  await hook(page, 'outbox').filter({ hasText: '2' }).waitFor();
  await hook(page, 'outbox').click();
  await service.start();
  // The page tries again by itself, and may have been the first.
  await hook(page, 'send-now').evaluate((button) => button.click());
  await sent(page);
  await counted(page, 'west-bank');
  await counted(page, 'west-pavilion');
  assert.deepEqual(await events(), { stored: 2, duplicate: 0 });
  await hook(page, 'outbox-close').click();
  await leave();
});

test('two tabs that complete a station at once send one event', async () => {
  const { context, page, leave } = await visitor(browser, service, LAPTOP);
  await page.clock.install();
  await signIn(page, 'en', people(service).learner[1]);
  const other = await context.newPage();
  const before = await events();
  for (const tab of [page, other]) {
    await tab.goto('/en/luding/west-bank/');
    await live(tab);
  }
  await page.bringToFront();
  await bringIntoView(hook(page, 'transcript'));
  await readFor(page, 80);
  await answer(page, 'west-bank');
  for (const tab of [page, other]) await tab.locator('[data-hook="complete"][data-state="ready"]').waitFor();
  await Promise.all([page, other].map((tab) => tab.locator('[data-hook="complete"]').evaluate((button) => button.click())));
  for (const tab of [page, other]) await tab.locator('.station-head[data-state="done"]').waitFor();
  await sent(page);
  await counted(page, 'west-bank');
  const { stored, duplicate } = await events();
  assert.deepEqual({ stored: stored - before.stored, duplicate: duplicate - before.duplicate }, { stored: 2, duplicate: 0 });
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
  const { read_secs } = await keptVisit(page, 'luding/chains');
  assert.ok(read_secs >= 40 && read_secs <= 60, `45 s were read, ${read_secs} s are kept`);
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
  const { explanation, source } = KEYS.find(({ station }) => station === 'deck');
  const { title } = SITE.sources.find(({ id }) => id === source);
  const grade = await hook(page, 'grade').innerText();
  assert.ok(grade.startsWith('Not right.') && grade.includes(explanation.en) && grade.includes(`Source: ${title.en}`), grade);
  await answer(page, 'deck');
  await recall(true);
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
  await openWalk(trainer.page, people(service).trainer[0], learner);
  await trainer.page.locator('textarea[name="note"]').first().fill('请重走最后一站');
  const returned = trainer.page.waitForResponse((response) => response.request().method() === 'POST');
  await trainer.page.locator('button[value="return"]').first().click();
  assert.ok((await returned).status() < 400);
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
