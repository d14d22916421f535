// A hall's shared device as its staff see it, and paired with a visitor's phone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, opened } from './harness.mjs';
import { begin, clear, delivered, finish, kept, kiosk, phone } from './hall.mjs';
import { answer, hook, live, people } from './steps.mjs';

const place = await opened();
const { service } = place;

const OFFLINE = [/net::ERR_/];

test('the staff corner opens by its PIN alone, says how the device stands, and ends a visit', async () => {
  const { page, leave } = await kiosk(place, '头显 4', { expected: OFFLINE });
  await hook(page, 'kiosk-corner').dispatchEvent('pointerdown');
  await page.clock.runFor(1_600);
  await hook(page, 'kiosk-staff').waitFor();
  await hook(page, 'kiosk-pin').fill('111111');
  await hook(page, 'kiosk-pin-go').click();
  await hook(page, 'kiosk-pin-said').filter({ hasText: 'PIN 不对' }).waitFor();
  for (let tries = 0; tries < 4; tries += 1) {
    await hook(page, 'kiosk-pin-said').evaluate((said) => { said.textContent = ''; });
    await hook(page, 'kiosk-pin-go').click();
    await hook(page, 'kiosk-pin-said').filter({ hasText: /不对/ }).waitFor();
  }
  await hook(page, 'kiosk-pin').fill('258047');
  await hook(page, 'kiosk-pin-go').click();
  await hook(page, 'kiosk-pin-said').filter({ hasText: '尝试次数过多' }).waitFor();
  await page.clock.runFor(31_000);
  await hook(page, 'kiosk-pin-go').click();
  await hook(page, 'kiosk-care').waitFor();
  await audit(page);
  const row = async (name) => hook(page, `kiosk-${name}`).textContent();
  assert.match(await row('device'), /头显 4/);
  assert.equal(await row('queue'), '0');
  assert.match(await row('version'), /^[0-9a-f]{12}$/);
  assert.notEqual(await row('synced'), '尚未');
  await hook(page, 'kiosk-volume').evaluate((range) => { range.value = 40; range.dispatchEvent(new Event('change', { bubbles: true })); });
  await hook(page, 'kiosk-staff-close').click();
  await begin(page, 'en');
  const settings = await page.evaluate(() => new Promise((told) => {
    const opening = indexedDB.open('retrace');
    opening.onsuccess = () => {
      const asked = opening.result.transaction('meta').objectStore('meta').get('settings');
      asked.onsuccess = () => { opening.result.close(); told(JSON.parse(asked.result)); };
    };
  }));
  assert.deepEqual([settings.voice, settings.ambience], [0.4, 0.24]);
  await page.goto('/en/luding/deck/');
  await hook(page, 'kiosk-finish').waitFor();
  await live(page);
  await answer(page, 'deck');
  await page.route('**/v1/kiosk/visits', (route) => route.abort());
  await page.keyboard.press('F2');
  await hook(page, 'kiosk-pin').fill('258047');
  await hook(page, 'kiosk-pin-go').click();
  await hook(page, 'kiosk-end-visit').click();
  await page.waitForURL('**/kiosk/');
  await live(page);
  await hook(page, 'kiosk-code').waitFor();
  await clear(page);
  await page.keyboard.press('F2');
  await hook(page, 'kiosk-pin').fill('258047');
  await hook(page, 'kiosk-pin-go').click();
  await hook(page, 'kiosk-queue').filter({ hasText: /^1$/ }).waitFor();
  await page.unroute('**/v1/kiosk/visits');
  await hook(page, 'kiosk-deliver').click();
  await hook(page, 'kiosk-staff-said').filter({ hasText: '已全部送出' }).waitFor();
  await hook(page, 'kiosk-queue').filter({ hasText: /^0$/ }).waitFor();
  await hook(page, 'kiosk-withdraw').click();
  await hook(page, 'kiosk-withdraw-sure').click();
  await hook(page, 'kiosk-enrol-form').waitFor();
  await live(page);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await leave();
});

test('a visit that is paired with a phone goes into the member’s record as it is made, and needs no code', async () => {
  const { page, leave } = await kiosk(place, '头显 5');
  const before = await kept(page);
  await begin(page, 'zh');
  await hook(page, 'kiosk-pair').click();
  const code = await hook(page, 'kiosk-pair-code').textContent();
  await audit(page);
  const own = await phone(place, people(service).learner[1], `/pair?code=${code}`);
  await own.page.locator('button[value="accept"]').click();
  await own.page.getByText('已同意').first().waitFor();
  await hook(page, 'kiosk-paired').waitFor();
  await page.goto('/zh/luding/anchorage/');
  await hook(page, 'kiosk-paired').waitFor();
  await live(page);
  await answer(page, 'anchorage');
  await page.locator('[data-hook="grade"][data-right="true"]').waitFor();
  assert.equal(await finish(page), null);
  await hook(page, 'kiosk-sent').filter({ hasText: '已记入您名下 1 条' }).waitFor();
  await clear(page);
  const after = await kept(page);
  assert.deepEqual([after.waits, after.left], [0, before.left]);
  await own.leave();
  await leave();
});
