// A hall's shared device: one visitor after another without carry-over, with and without a network, and the record claimed on a phone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, opened } from './harness.mjs';
import { begin, clear, delivered, finish, kept, kiosk, met, phone } from './hall.mjs';
import { answer, completeByReading, hook, live, people, until } from './steps.mjs';

const place = await opened();
const { service } = place;

const OFFLINE = [/net::ERR_/];

test('two visitors one after another: nothing is carried over, and each claims their own record by its code', async () => {
  const { page, leave } = await kiosk(place, '头显 1');
  await audit(page);
  const before = await kept(page);
  assert.deepEqual([before.waits, before.left.cookies], [0, []]);
  await hook(page, 'kiosk-begin').focus();
  await page.keyboard.press('Enter');
  await hook(page, 'kiosk-language').first().waitFor();
  await audit(page);
  await chooseByLooking(page, 'zh');
  await page.waitForURL('**/zh/luding/scene/');
  await hook(page, 'kiosk-finish').waitFor();
  assert.equal(await page.locator('.masthead').isVisible(), false, 'no way to sign in, and none to other pages');
  // What the visitor chooses for comfort is theirs as well.
  await page.evaluate(() => { localStorage.setItem('theme', 'dark'); sessionStorage.setItem('x', '1'); document.cookie = 'desk-lang=en; path=/'; });
  await completeByReading(page, 'zh', 'stele');
  const elsewhere = page.locator('main a[href^="http"]').first();
  await elsewhere.click();
  await hook(page, 'notice').filter({ hasText: '终端上不打开其他页面' }).waitFor();
  await page.reload();
  await hook(page, 'kiosk-finish').waitFor();
  await live(page);
  await page.locator('.station-head[data-state="done"]').waitFor();
  const first = await finish(page);
  assert.match(first, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  await hook(page, 'kiosk-completed').waitFor();
  await hook(page, 'kiosk-square').waitFor();
  await audit(page);
  await page.reload();
  await hook(page, 'kiosk-code').filter({ hasText: first }).waitFor();
  await clear(page);
  await delivered(page);
  const between = await kept(page);
  assert.deepEqual(between.left, before.left, 'the device is as before the first visitor');
  assert.ok(!JSON.stringify(between.left).includes(first));

  await begin(page, 'en');
  await page.goto('/en/luding/stele/');
  await hook(page, 'kiosk-finish').waitFor();
  await live(page);
  assert.equal(await page.locator('.station-head').getAttribute('data-state'), 'open', 'the second begins at nothing');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined);
  await answer(page, 'stele');
  const second = await finish(page);
  assert.notEqual(second, first);
  await clear(page);
  await delivered(page);
  assert.deepEqual((await kept(page)).left, before.left);

  const [one, two] = people(service).learner;
  const own = await phone(place, one, `/claim?code=${first}`);
  await own.page.getByText('头显 1').waitFor();
  await own.page.locator('main form button').click();
  await own.page.getByText('已领取，记入您名下的记录').waitFor();
  assert.ok(await met(own.page, 'stele'));
  await own.leave();
  const other = await phone(place, two, `/claim?code=${first}`);
  await other.page.getByText('已由他人领取').waitFor();
  assert.equal(await met(other.page, 'stele'), false);
  await other.leave();
  await leave();
});

test('without a network the day goes on, a claim made meanwhile waits, and is honoured when the hall delivers', async () => {
  const { context, page, leave } = await kiosk(place, '头显 2', { expected: OFFLINE, serviceWorkers: 'allow' });
  await until(page, async () => {
    const opening = indexedDB.open('retrace-kiosk');
    const care = await new Promise((told) => {
      opening.onsuccess = () => {
        const asked = opening.result.transaction('own').objectStore('own').get('care');
        asked.onsuccess = () => { opening.result.close(); told(JSON.parse(asked.result ?? '{}')); };
      };
    });
    return care.files > 0 && care.kept === care.files;
  }, null, { seconds: 120 });
  await context.setOffline(true);
  await page.reload();
  await hook(page, 'kiosk-begin').waitFor();
  await live(page);
  await begin(page, 'zh');
  await completeByReading(page, 'zh', 'stele');
  const code = await finish(page);
  await clear(page);
  // A second visitor of the same day, who does nothing that could be claimed.
  await begin(page, 'en');
  assert.equal(await finish(page), null);
  await hook(page, 'kiosk-nothing').filter({ hasText: 'no record to claim' }).waitFor();
  await clear(page);
  assert.equal((await kept(page)).waits, 1);
  const [, , member] = people(service).learner;
  const own = await phone(place, member, `/claim?code=${code}`);
  await own.page.getByText('还没有收到这个代码的记录').waitFor();
  await own.page.locator('main form button').click();
  await own.page.getByText('已记下您的领取').waitFor();
  assert.equal(await met(own.page, 'stele'), false);
  await context.setOffline(false);
  await delivered(page);
  assert.ok(await met(own.page, 'stele'), 'it has joined the record by itself');
  await own.page.goto(`/claim?code=${code}`);
  await own.page.getByText('您已领取过这次参观').waitFor();
  await own.leave();
  await leave();
});

test('a visit that nobody goes on with ends by itself, is counted down in sight, and its card goes as well', async () => {
  const { page, leave } = await kiosk(place, '头显 3');
  const before = await kept(page);
  await hook(page, 'kiosk-begin').click();
  await hook(page, 'kiosk-language').first().waitFor();
  await page.clock.runFor(31_000);
  await hook(page, 'kiosk-begin').waitFor();
  await begin(page, 'en');
  await page.goto('/en/luding/deck/');
  await hook(page, 'kiosk-finish').waitFor();
  await live(page);
  await answer(page, 'deck');
  await page.clock.runFor(155_000);
  await hook(page, 'kiosk-idle').filter({ hasText: /ends in \d+ s/ }).waitFor();
  await page.mouse.move(300, 300);
  await page.clock.runFor(1_500);
  assert.equal(await hook(page, 'kiosk-idle').textContent(), '', 'whoever is there goes on');
  await page.clock.runFor(182_000);
  await page.waitForURL('**/kiosk/');
  await hook(page, 'kiosk-code').waitFor();
  await live(page);
  await page.clock.runFor(92_000);
  await hook(page, 'kiosk-begin').waitFor();
  await live(page);
  assert.deepEqual((await kept(page)).left, before.left);
  // No page of a visit opens without one, nor any other page of this browser.
  for (const path of ['/en/luding/deck/', '/zh/me/', '/zh/sign-in/']) {
    await page.goto(path).catch(() => null); // It is led elsewhere, perhaps before it has come.
    await page.waitForURL('**/kiosk/');
  }
  await hook(page, 'kiosk-begin').waitFor();
  await live(page);
  await begin(page, 'zh');
  await page.goto('/zh/me/').catch(() => null);
  await page.waitForURL('**/zh/luding/scene/');
  await hook(page, 'kiosk-finish').waitFor();
  await live(page);
  // A headset shows the card itself, and says when it is taken off.
  await page.goto('/zh/luding/deck/');
  await hook(page, 'kiosk-finish').waitFor();
  await live(page);
  await answer(page, 'deck');
  const told = await page.evaluate(() => new Promise((heard) => {
    addEventListener('retrace:kiosk-step', ({ detail }) => heard(JSON.parse(detail)), { once: true });
    dispatchEvent(new CustomEvent('retrace:kiosk-press', { detail: 'finish-here' }));
  }));
  assert.deepEqual([told.step, told.lang, told.answered, told.square.dark.length], ['card', 'zh', 1, told.square.side ** 2]);
  assert.ok(told.address.endsWith(`/claim?code=${told.code}`));
  assert.equal(new URL(page.url()).pathname, '/zh/luding/deck/', 'no page opens before they leave');
  await page.evaluate(() => dispatchEvent(new CustomEvent('retrace:kiosk-press', { detail: 'off' })));
  // On the screen the code is shown again, for as long as any card is.
  await page.waitForURL('**/kiosk/');
  await live(page);
  await hook(page, 'kiosk-code').filter({ hasText: told.code }).waitFor();
  await page.clock.runFor(91_000);
  await hook(page, 'kiosk-begin').waitFor();
  await delivered(page);
  assert.deepEqual((await kept(page)).left, before.left);
  // Switched off in the middle of a visit, the device begins anew with whoever comes next.
  await begin(page, 'zh');
  await page.goto('/zh/luding/deck/');
  await hook(page, 'kiosk-finish').waitFor();
  await live(page);
  await answer(page, 'deck');
  await page.goto('about:blank');
  await page.clock.fastForward(3_600_000);
  await page.goto('/zh/luding/deck/').catch(() => null);
  await page.waitForURL('**/kiosk/');
  await hook(page, 'kiosk-begin').waitFor();
  await live(page);
  const anew = await kept(page);
  assert.deepEqual([anew.waits, anew.left], [0, before.left]);
  await leave();
});

/** Chooses a language as a headset's browser does for whoever has no hand free: by the pointer that follows the eye. */
async function chooseByLooking(page, lang) {
  const word = hook(page, 'kiosk-language', `[data-lang="${lang}"]`);
  const other = hook(page, 'kiosk-language', `[data-lang="${lang === 'zh' ? 'en' : 'zh'}"]`);
  // Where the eye lay when the words appeared chooses nothing.
  const { x, y, width, height } = await word.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.clock.runFor(3000);
  await word.waitFor();
  await page.mouse.move(x + width / 2, y + height + 40);
  await other.hover();
  await page.clock.runFor(900);
  await other.and(page.locator('[data-looked="at"]')).waitFor();
  await page.mouse.move(x + width / 2, y + height + 40);
  await word.hover();
  await page.clock.runFor(1500);
}
