// A led visit in real browsers: a trainer's page at the desk, and pages of the scene that follow it. What the scene says is
// said for it, but in the last test, where two real scenes walk along.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAPTOP, PHONE, opened, visitor } from './harness.mjs';
import { STATIONS, SITE, hook, live, people } from './steps.mjs';
import { SLOW_RENDERER, arrived, settled } from './stage.mjs';

const { service, browser } = await opened();
const { trainer: [trainer] } = people(service);
/** Within which everybody has heard of a step. */
const SOON_MS = 2000;
const [first, second, third] = STATIONS;
const pointOf = (station) => SITE.stations.find(({ id }) => id === station).points[0].id;
const titleOf = (station, lang) => SITE.stations.find(({ id }) => id === station).title[lang];
// While the service is away, the browser writes down what it could not reach.
const AWAY = [/ERR_CONNECTION_REFUSED/, /ERR_CONNECTION_RESET/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_EMPTY_RESPONSE/, /ERR_NETWORK_CHANGED/];

/** Somebody signed in at the desk who begins to lead; gives the code too. */
async function leads(options = {}) {
  const guest = await visitor(browser, service, LAPTOP, { locale: 'zh-CN', ...options });
  const { page } = guest;
  await page.goto('/desk/sign-in?to=/desk/lead');
  await page.locator('input[name="code"]').fill(trainer.code);
  await page.locator('input[name="pin"]').fill(trainer.pin);
  await page.locator('form:has(input[name="pin"]) button').first().click();
  await page.waitForURL(/\/desk\/lead$/);
  await page.getByRole('button', { name: '开始带领' }).click();
  await page.waitForURL(/\/desk\/lead\/[0-9a-f-]{36}$/);
  const code = await page.locator('[data-lead-code]').innerText();
  assert.match(code, /^[B-Z]{4}-[B-Z]{4}$/);
  return { ...guest, code };
}

const ask = (page, what) => page.locator(`button[name="do"][value="${what}"]`).click();
const counts = (page, words) => page.locator('[data-lead-count]').filter({ hasText: words }).waitFor();

async function finish(page) {
  await page.getByText('结束带领', { exact: true }).click();
  await ask(page, 'finish');
  await page.locator('.told').filter({ hasText: '已结束' }).waitFor();
}

const say = (page, ...said) => page.evaluate((all) => {
  for (const detail of all) dispatchEvent(new CustomEvent('retrace:said', { detail }));
}, said.map((one) => JSON.stringify(one)));

/** Opens the scene's page and listens to what it tells the scene. */
async function follows(device, lang, address, options) {
  const guest = await visitor(browser, service, device, options);
  const { page } = guest;
  await page.addInitScript(() => {
    window.told = [];
    addEventListener('retrace:told', ({ detail }) => window.told.push({ at: Date.now(), ...JSON.parse(detail) }));
  });
  await page.goto(`/${lang}/luding/scene/${address}`);
  await live(page);
  return guest;
}

/** The next thing of this kind that the scene is told. */
const told = (page, type) => page.waitForFunction((wanted) => {
  const at = window.told.findIndex((one) => one.type === wanted);
  return at >= 0 && window.told.splice(at, 1)[0];
}, type).then((handle) => handle.jsonValue());

const line = (page, words) => hook(page, 'led-said').filter({ hasText: words }).waitFor();

test('two pages come, hear and look as the trainer asks, within two seconds, and a third catches up', async () => {
  const lead = await leads();
  // One has scanned the square, the other types the code at the scene's door.
  const phone = await follows(PHONE, 'zh', `#led=${lead.code}`);
  await line(phone.page, '按“进入场景”就跟上队伍');
  const laptop = await follows(LAPTOP, 'en', '');
  await hook(laptop.page, 'led-door').locator('summary').click();
  await laptop.page.locator('#led-code').fill('AEIO');
  await hook(laptop.page, 'led-join').locator('button').click();
  await hook(laptop.page, 'led-join-said').filter({ hasText: 'eight letters' }).waitFor();
  await laptop.page.locator('#led-code').fill(lead.code.toLowerCase().replace('-', ' '));
  await laptop.page.keyboard.press('Enter');
  await line(laptop.page, 'Press “Enter the scene” to join');
  await counts(lead.page, '2 台在跟随，2 台已到最新一步');
  const pages = [phone.page, laptop.page];
  for (const page of pages) await say(page, { type: 'ready' });

  const both = async (what, type, since) => {
    const heard = await Promise.all(pages.map((page) => told(page, type)));
    const slowest = Math.max(...heard.map(({ at }) => at)) - since;
    assert.ok(slowest < SOON_MS, `${what}: ${slowest} ms`);
    return heard;
  };
  const asked = async (what, type) => {
    const since = Date.now();
    await ask(lead.page, what);
    return both(what, type, since);
  };
  for (const { station } of await asked(`go ${second}`, 'go-to')) assert.equal(station, second);
  await lead.page.locator(`[data-lead-station="${second}"][aria-current="step"]`).waitFor();
  for (const page of pages) {
    await say(page, { type: 'arrived', station: second });
    await hook(page, 'card', `[data-station="${second}"]`).waitFor();
  }
  assert.equal(await hook(laptop.page, 'led-station').innerText(), titleOf(second, 'en'));
  // What begins by itself on arriving waits for the trainer's word.
  const point = pointOf(second);
  for (const page of pages) {
    await say(page, { type: 'narrating', point, at_secs: 0.1, playing: true, ended: false });
    await told(page, 'pause');
  }
  for (const { point: heard, from_secs } of await asked(`play ${point}`, 'play')) {
    assert.equal(heard, point);
    assert.ok(from_secs >= 0 && from_secs < 2, `${from_secs}`);
  }
  for (const page of pages) await say(page, { type: 'narrating', point, at_secs: 0.2, playing: true, ended: false });
  await asked('pause', 'pause');
  await ask(lead.page, `look ${point}`);
  for (const page of pages) await hook(page, 'led-look').filter({ hasText: /\S/ }).waitFor();
  await hook(laptop.page, 'card', `[data-station="${second}"]`).locator(`article[data-point="${point}"] h3:focus`).waitFor();
  await counts(lead.page, '2 台在跟随，2 台已到最新一步');

  const late = await follows(LAPTOP, 'en', `#led=${lead.code}`);
  await line(late.page, 'Press “Enter the scene” to join');
  await say(late.page, { type: 'ready' });
  assert.equal((await told(late.page, 'go-to')).station, second);
  await hook(late.page, 'led-look').filter({ hasText: /\S/ }).waitFor();
  assert.ok(!(await late.page.evaluate(() => window.told.some(({ type }) => type === 'play'))), 'it is held');
  await counts(lead.page, '3 台在跟随，3 台已到最新一步');
  await late.leave();
  await counts(lead.page, '2 台在跟随，2 台已到最新一步');

  // By keyboard at the desk, the trainer brings everybody to the first station and finishes.
  const since = Date.now();
  await lead.page.keyboard.press('1');
  for (const { station } of await both('key 1', 'go-to', since)) assert.equal(station, first);
  await finish(lead.page);
  await line(phone.page, '带领已结束');
  await line(laptop.page, 'The led visit is over');
  for (const page of pages) await hook(page, 'led-leave').waitFor({ state: 'hidden' });
  await hook(laptop.page, 'led-dismiss').click();
  await hook(laptop.page, 'led').waitFor({ state: 'hidden' });
  for (const guest of [phone, laptop, lead]) await guest.leave();
});

test('whoever goes their own way is left alone, finds back, and may leave and join again', async () => {
  const lead = await leads();
  const { page, leave } = await follows(LAPTOP, 'en', `#led=${lead.code}`);
  await line(page, 'Press “Enter the scene”');
  await say(page, { type: 'ready' }, { type: 'moving', mode: 'guided' });
  await ask(lead.page, `go ${first}`);
  // A guide that goes on by itself would lead away.
  assert.equal((await told(page, 'move')).mode, 'foot');
  await told(page, 'go-to');
  await say(page, { type: 'arrived', station: first });
  await hook(page, 'led-back').waitFor({ state: 'hidden' });
  await say(page, { type: 'departed', station: first }, { type: 'arrived', station: third });
  await hook(page, 'led-back').click();
  assert.equal((await told(page, 'go-to')).station, first);
  await say(page, { type: 'departed', station: third }, { type: 'arrived', station: first });
  await hook(page, 'led-back').waitFor({ state: 'hidden' });

  await hook(page, 'led-leave').click();
  await line(page, 'You have left the led visit');
  await counts(lead.page, '0 台在跟随');
  await ask(lead.page, `go ${second}`);
  await lead.page.locator(`[data-lead-station="${second}"][aria-current="step"]`).waitFor();
  await hook(page, 'led-rejoin').click();
  assert.equal((await told(page, 'go-to')).station, second);
  await line(page, 'Led by the trainer');
  // A reload follows on, though the address has long named a station.
  await page.reload();
  await live(page);
  await line(page, 'Press “Enter the scene”');
  await finish(lead.page);
  await line(page, 'The led visit is over');
  await leave();
  await lead.leave();
});

test('when the service is killed in the midst of it, everybody comes back to the same step by themselves', async () => {
  const lead = await leads({ expected: AWAY });
  const guests = [];
  for (const [device, lang] of [[PHONE, 'zh'], [LAPTOP, 'en']]) {
    const guest = await follows(device, lang, `#led=${lead.code}`, { expected: AWAY });
    await hook(guest.page, 'led-leave').waitFor();
    await say(guest.page, { type: 'ready' });
    guests.push(guest);
  }
  await ask(lead.page, `go ${first}`);
  for (const { page } of guests) await told(page, 'go-to');
  await counts(lead.page, '2 台在跟随，2 台已到最新一步');
  await service.kill();
  await lead.page.locator('[data-lead-lost]:not([hidden])').waitFor();
  await line(guests[0].page, '连接断开了');
  await line(guests[1].page, 'is lost and is being made again');
  // What is pressed meanwhile is said not to have arrived, and is not carried out behind anybody's back later.
  await ask(lead.page, `go ${third}`);
  await lead.page.locator('[data-lead-unsent]:not([hidden])').waitFor();
  await service.start();
  await lead.page.locator('[data-lead-lost]').waitFor({ state: 'hidden' });
  await counts(lead.page, '2 台在跟随，2 台已到最新一步');
  await line(guests[1].page, 'Led by the trainer');
  const since = Date.now();
  await ask(lead.page, `go ${second}`);
  for (const { page } of guests) {
    const { station, at } = await told(page, 'go-to');
    assert.equal(station, second, 'nothing is done twice, and what did not arrive was not done');
    assert.ok(at - since < SOON_MS, `${at - since} ms`);
  }
  await lead.page.locator('[data-lead-unsent]').waitFor({ state: 'hidden' });
  await finish(lead.page);
  for (const guest of [...guests, lead]) await guest.leave();
});

test('the desk leads without scripts too, and a code that leads nowhere is said to', async () => {
  const lead = await leads({ javaScriptEnabled: false });
  const guest = await follows(LAPTOP, 'en', '', { expected: [/status of 404/] });
  await hook(guest.page, 'led-door').locator('summary').click();
  await guest.page.locator('#led-code').fill('BCDF-GHJK');
  await hook(guest.page, 'led-join').locator('button').click();
  await hook(guest.page, 'led-join-said').filter({ hasText: 'No visit is led by this code' }).waitFor();
  await guest.page.locator('#led-code').fill(lead.code);
  await hook(guest.page, 'led-join').locator('button').click();
  await line(guest.page, 'Press “Enter the scene”');
  await say(guest.page, { type: 'ready' });
  await ask(lead.page, `go ${second}`);
  assert.equal((await told(guest.page, 'go-to')).station, second);
  await lead.page.locator(`[data-lead-station="${second}"][aria-current="step"]`).waitFor();
  await counts(lead.page, '1 台在跟随');
  await lead.page.locator('summary').click();
  await ask(lead.page, 'finish');
  await lead.page.locator('.told').filter({ hasText: '已结束' }).waitFor();
  await line(guest.page, 'The led visit is over');
  await guest.leave();
  await lead.context.close();
});

test('two real scenes walk to where the trainer brings everybody', async () => {
  const small = { ...LAPTOP, viewport: { width: 480, height: 270 } };
  const lead = await leads();
  const guests = [];
  for (const lang of ['zh', 'en']) {
    const guest = await visitor(browser, service, small, { expected: SLOW_RENDERER });
    await guest.page.goto(`/${lang}/luding/scene/#led=${lead.code}`);
    await live(guest.page);
    await hook(guest.page, 'led-leave').waitFor();
    await hook(guest.page, 'enter').click();
    await settled(guest.page);
    guests.push(guest);
  }
  await ask(lead.page, `go ${second}`);
  for (const { page } of guests) await arrived(page, second);
  await counts(lead.page, '2 台在跟随，2 台已到最新一步');
  await finish(lead.page);
  for (const guest of [...guests, lead]) await guest.leave();
});
