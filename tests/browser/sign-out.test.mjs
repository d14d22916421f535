// A shared phone: signing out wipes what is the member's, with or without a network, and nothing of anybody else's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAPTOP, PHONE, opened, visitor } from './harness.mjs';
import { KEYS, answer, bringIntoView, hook, keptVisit, live, people, readFor, sent, signIn } from './steps.mjs';

const { service, browser } = await opened();

const OFFLINE = [/net::ERR_/];
const signedOut = (page) => page.locator('[data-hook="account"] a[href$="sign-in/"]').waitFor();
const dialog = (page) => hook(page, 'sign-out-dialog');
/** Answers the question of a station without a network, so that one record waits. */
async function answerOffline(page, lang, station) {
  await page.goto(`/${lang}/luding/${station}/`);
  await live(page);
  await page.context().setOffline(true);
  await answer(page, station);
  await hook(page, 'outbox').filter({ hasText: '1' }).waitFor();
}
/** Ends the session at the service alone, as time does, and lets the page find out. */
async function expire(page) {
  await page.evaluate(() => fetch('/v1/session', { method: 'DELETE' }));
  await page.reload();
  await hook(page, 'sign-in-again').waitFor();
}

test('signing out is refused while a record waits, and Esc leaves everything as it was', async () => {
  const { context, page, leave } = await visitor(browser, service, LAPTOP, { expected: OFFLINE });
  await signIn(page, 'en', people(service).learner[1]);
  await answerOffline(page, 'en', 'stele');
  await hook(page, 'sign-out').click();
  await dialog(page).filter({ hasText: 'Not received yet: 1.' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await context.setOffline(false);
  await sent(page);
  await hook(page, 'sign-out').click();
  await hook(page, 'sign-out-go').click();
  await signedOut(page);
  await leave();
});

test('a member who insists is signed out without a network, and the session ends with the next one', async () => {
  const { context, page, leave } = await visitor(browser, service, PHONE, { expected: [...OFFLINE, /401/] });
  await signIn(page, 'zh', people(service).learner[1]);
  await answerOffline(page, 'zh', 'mid-span');
  await hook(page, 'sign-out').click();
  await hook(page, 'sign-out-insist').click();
  await dialog(page).filter({ hasText: '丢弃后无法找回' }).waitFor();
  await hook(page, 'sign-out-sure').click();
  await hook(page, 'signed-out').filter({ hasText: '都已从这台设备上清除' }).waitFor();
  await signedOut(page);
  assert.equal(await keptVisit(page, 'luding/mid-span'), null);
  assert.equal(await hook(page, 'outbox').isVisible(), false);
  const ended = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await context.setOffline(false);
  assert.ok((await ended).ok(), 'the service hears of it before anything else');
  await page.goto('/zh/me/');
  await live(page);
  assert.equal(await page.evaluate(async () => (await fetch('/v1/me/progress')).status), 401);
  await signIn(page, 'zh', people(service).learner[1]);
  await page.reload();
  await live(page);
  assert.equal(await page.evaluate(async () => (await fetch('/v1/me/progress')).status), 200, 'the new session stays');
  await leave();
});

test('after a session has expired the phone can be wiped, and what waits of another member stays', async () => {
  const [first, second] = people(service).learner;
  const { context, page, leave } = await visitor(browser, service, PHONE, { expected: [...OFFLINE, /401/] });
  await signIn(page, 'zh', first);
  await answerOffline(page, 'zh', 'deck');
  // The session is gone when the network is back, so the record stays here.
  await page.route('**/v1/events', (route) => route.fulfill({ status: 401, body: '{}' }), { times: 1 });
  await context.setOffline(false);
  await hook(page, 'sign-in-again').waitFor();
  await signIn(page, 'zh', second);
  await answerOffline(page, 'zh', 'chains');
  await hook(page, 'sign-out').click();
  await dialog(page).filter({ hasText: '还有 1 条记录没有送达' }).waitFor();
  await hook(page, 'sign-out-others').filter({ hasText: '1 条记录不会删除' }).waitFor();
  await hook(page, 'sign-out-cancel').click();
  await context.setOffline(false);
  await hook(page, 'outbox').filter({ hasText: '他人待传 1 条' }).waitFor();
  await expire(page);
  await hook(page, 'sign-out').click();
  await hook(page, 'sign-out-go').click();
  await signedOut(page);
  await hook(page, 'outbox').filter({ hasText: '他人待传 1 条' }).waitFor();
  await signIn(page, 'zh', first);
  await sent(page);
  const deck = await page.evaluate(async () => (await (await fetch('/v1/me/progress')).json()).walks[0].stations.find(({ station }) => station === 'deck'));
  assert.equal(deck.recall, true);
  await leave();
});

test('the address of my walks with #sign-out asks at once, and once only', async () => {
  const { page, leave } = await visitor(browser, service, LAPTOP);
  await signIn(page, 'en', people(service).learner[2]);
  await page.goto('/en/luding/');
  await page.goto('/en/me/#sign-out');
  await dialog(page).waitFor();
  await hook(page, 'sign-out-cancel').click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.reload();
  await live(page);
  assert.equal(await dialog(page).count(), 0);
  await page.goto('/en/luding/');
  await page.goto('/en/me/#sign-out');
  await hook(page, 'sign-out-go').click();
  await page.waitForURL(/\/en\/$/);
  await signedOut(page);
  await leave();
});

test('what somebody did before signing in is theirs until the member says otherwise', async () => {
  const { page, leave } = await visitor(browser, service, LAPTOP);
  await page.clock.install();
  const [, , member] = people(service).learner;
  await page.goto('/en/luding/anchorage/');
  await live(page);
  await bringIntoView(hook(page, 'transcript'));
  await readFor(page, 30);
  await answer(page, 'anchorage');
  const enter = async () => {
    await page.goto('/en/sign-in/');
    await live(page);
    await page.locator('#code').fill(member.code);
    await page.locator('#pin').fill(member.pin);
    await hook(page, 'sign-in-go').click();
    await hook(page, 'claim-dialog').waitFor();
  };
  await enter();
  await hook(page, 'claim-later').click();
  await page.waitForURL(/\/en\/me\/$/);
  await live(page);
  assert.equal(await keptVisit(page, 'luding/anchorage'), null, 'neither seconds nor answers pass to the member');
  // The member gives the same right answer, which is judged, and reads on.
  await page.goto('/en/luding/anchorage/');
  await live(page);
  await answer(page, 'anchorage');
  await hook(page, 'grade').filter({ hasText: KEYS.find(({ station }) => station === 'anchorage').explanation.en }).waitFor();
  await bringIntoView(hook(page, 'transcript'));
  await readFor(page, 20);
  // To delete what is not theirs takes nothing of their own.
  await page.goto('/en/me/');
  await hook(page, 'me-outbox').locator('[data-hook="disown"]').click();
  await hook(page, 'outbox-unclaimed').first().waitFor({ state: 'detached' });
  const own = await keptVisit(page, 'luding/anchorage');
  assert.equal(own.answers.length, 1);
  assert.ok(own.read_secs >= 15 && own.read_secs <= 29, `${own.read_secs} s are the member's`);
  await leave();
});

test('what the service would not take is listed with its reason until it is noted', async () => {
  const { context, page, leave } = await visitor(browser, service, PHONE, { expected: OFFLINE });
  await signIn(page, 'zh', people(service).learner[0]);
  await page.route('**/v1/events', (route) => {
    const receipts = route.request().postDataJSON().events.map(({ id }) => (
      { id, result: 'rejected', code: 'unknown-station', reason: { zh: '没有这一站。', en: 'There is no such station.' } }));
    return route.fulfill({ json: { receipts } });
  }, { times: 1 });
  await answerOffline(page, 'zh', 'stele');
  await context.setOffline(false);
  await hook(page, 'outbox').filter({ hasText: '未接收 1 条' }).waitFor();
  // Something that waits must not hide it.
  await answerOffline(page, 'zh', 'east-pavilion');
  await hook(page, 'outbox').filter({ hasText: '待传 1 条 · 未接收 1 条' }).waitFor();
  await context.setOffline(false);
  await hook(page, 'outbox').filter({ hasText: /^未接收 1 条$/ }).waitFor();
  await page.goto('/zh/me/');
  const rejected = hook(page, 'me-rejected');
  await rejected.filter({ hasText: '没有这一站' }).waitFor();
  await hook(page, 'me-receipt').filter({ hasText: '上次回执' }).waitFor();
  await rejected.locator('[data-hook="noted"]').click();
  await rejected.waitFor({ state: 'hidden' });
  assert.equal(await hook(page, 'outbox').isVisible(), false);
  assert.equal(await hook(page, 'outbox-receipt').getAttribute('role'), 'status');
  await leave();
});

test('where the browser keeps nothing, the way out by address ends the session all the same', async () => {
  const { context, page, leave } = await visitor(browser, service, LAPTOP, { expected: [/401/] });
  await signIn(page, 'en', people(service).learner[0]);
  await context.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('refused', 'SecurityError');
    };
  });
  await page.goto('/en/');
  await hook(page, 'notice').filter({ hasText: 'does not let the page keep records' }).waitFor();
  assert.equal(await page.evaluate(async () => (await fetch('/v1/session')).status), 200);
  await page.goto('/en/me/#sign-out');
  await page.waitForURL('**/en/');
  assert.equal(await page.evaluate(async () => (await fetch('/v1/session')).status), 401);
  await leave();
});
