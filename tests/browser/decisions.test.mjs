// Decisions from both sides: the desk by keys alone, an appeal from the learner's phone, a tap on a station's tag.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHECKPOINT, LAPTOP, PHONE, ROOT, opened, visitor } from './harness.mjs';
import { SITE, STATIONS, completeByReading, decide, enterCode, hook, live, openWalk, people, progress, sent, signIn, wholeWalk } from './steps.mjs';

const { service, browser } = await opened();

/** Sends a whole walk by reading for whoever is signed in on this page. */
async function walkWhole(page) {
  const events = wholeWalk();
  const results = await page.evaluate(async (body) => {
    const answer = await fetch('/v1/events', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await answer.json()).receipts.map(({ result }) => result);
  }, JSON.stringify({ events }));
  assert.deepEqual(results, events.map(() => 'stored'));
}

/** Somebody who has walked the whole route, on their own phone. */
async function walker(learner) {
  const phone = await visitor(browser, service, PHONE);
  await signIn(phone.page, 'zh', learner);
  await walkWhole(phone.page);
  return phone;
}

const state = async (page) => (await progress(page)).walks[0].state;

test('walks are ticked, confirmed, opened and returned by keys alone', async () => {
  const learners = people(service).learner;
  const phones = [];
  for (const learner of learners) phones.push(await walker(learner));
  const { page, leave } = await visitor(browser, service, LAPTOP);
  await page.goto('/zh/sign-in/');
  await live(page);
  await enterCode(page, people(service).trainer[0]);
  await page.waitForURL(/\/desk\/$/);
  const keys = page.keyboard;
  const ticked = () => page.locator('.walks input:checked').count();
  // What was all sent at once is flagged, so nothing is ticked beforehand.
  for (const box of await page.locator('.walks input:checked').all()) await box.uncheck();
  await page.evaluate(() => document.activeElement?.blur());
  await keys.press('x');
  assert.equal(await ticked(), 0, 'x ticks nothing before a row was gone to');
  for (const key of ['j', 'x', 'j', 'x', 'k', 'j']) await keys.press(key);
  assert.equal(await ticked(), 2);
  await keys.press('r');
  await keys.type('jxc');
  assert.equal(await page.locator('textarea[name="note"]').inputValue(), 'jxc', 'letters of a note are letters');
  assert.equal(await ticked(), 2);
  for (let letter = 0; letter < 3; letter += 1) await keys.press('Backspace');
  await page.evaluate(() => document.activeElement.blur());
  await keys.press('Control+c');
  assert.equal(await page.locator('.walks tbody tr').count(), 3, 'copying decides nothing');
  await keys.press('c');
  await page.waitForURL((url) => url.searchParams.get('confirmed') === '2');
  assert.equal(await page.locator('.walks tbody tr').count(), 1);

  await keys.press('j');
  await keys.press('Enter');
  await page.waitForURL(/\/desk\/walks\//);
  await keys.press('r');
  await keys.type('停留时间需要当面说明');
  await keys.press('Tab');
  await keys.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'return');
  await keys.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('returned') === '1' || url.searchParams.get('done') === 'returned');
  const states = [];
  for (const { page: phone } of phones) states.push(await state(phone));
  assert.deepEqual(states.toSorted(), ['confirmed', 'confirmed', 'returned']);
  for (const phone of phones) await phone.leave();
  await leave();
});

test('a learner appeals once from the phone, another than the first decides, and the answer is read on the phone', async () => {
  const own = [];
  for (const learner of people(service).learner) {
    const phone = await visitor(browser, service, PHONE, { expected: [/ERR_INTERNET_DISCONNECTED/] });
    await signIn(phone.page, 'zh', learner);
    own.push({ learner, ...phone, state: await state(phone.page) });
  }
  const { learner, page, leave } = own.find(({ state }) => state === 'returned');
  for (const other of own) if (other.page !== page) await other.leave();
  await page.goto('/zh/me/');
  await live(page);
  await hook(page, 'walk-note').getByText('停留时间需要当面说明').waitFor();
  const form = hook(page, 'walk-appeal');
  await form.waitFor();
  await form.locator('button[type="submit"]').tap();
  assert.equal(await form.locator('textarea:invalid').count(), 1, 'without a reason nothing is sent');
  assert.equal((await progress(page)).walks[0].appeal, 'possible');
  await page.context().setOffline(true);
  await form.locator('textarea').fill('我在各站都听完了讲解');
  await form.locator('button[type="submit"]').tap();
  await hook(page, 'appeal-said').filter({ hasText: /\S/ }).waitFor();
  assert.equal(await form.locator('textarea').inputValue(), '我在各站都听完了讲解', 'without a network it stays written');
  await page.context().setOffline(false);
  await form.locator('button[type="submit"]').tap();
  await hook(page, 'walk-appealed').filter({ hasText: /\S/ }).waitFor();
  assert.equal(await form.isVisible(), false, 'there is one appeal');
  await page.screenshot({ path: join(ROOT, 'target/shots/appeal-zh.png') });

  const first = await visitor(browser, service, LAPTOP);
  await openWalk(first.page, people(service).trainer[0], learner);
  await first.page.locator('blockquote').getByText('我在各站都听完了讲解').waitFor();
  assert.equal(await first.page.locator('button[name="decision"]').count(), 0, 'whoever decided first does not answer');
  await first.leave();
  const [, code, pin] = service.said.match(/^\s*admin\s+(\S+)\s+(\d{6})\s/m);
  const second = await visitor(browser, service, LAPTOP);
  await openWalk(second.page, { code, pin }, learner);
  await decide(second.page, 'confirm', '已当面核实');
  await second.leave();

  await page.goto('/zh/me/');
  await live(page);
  await hook(page, 'walk', '[data-state="confirmed"]').waitFor();
  await hook(page, 'walk-note').getByText('已当面核实').waitFor();
  assert.equal(await form.isVisible(), false);
  await leave();
});

/** AES-CMAC (RFC 4493). */
function cmac(key, message) {
  const block = (bytes) => {
    const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  };
  const doubled = (bytes) => {
    const shifted = BigInt.asUintN(128, BigInt(`0x${bytes.toString('hex')}`) << 1n) ^ (bytes[0] & 128 ? 0x87n : 0n);
    return Buffer.from(shifted.toString(16).padStart(32, '0'), 'hex');
  };
  const whole = message.length > 0 && message.length % 16 === 0;
  const padded = whole ? message : Buffer.concat([message, Buffer.from([128]), Buffer.alloc(15 - (message.length % 16))]);
  const last = whole ? doubled(block(Buffer.alloc(16))) : doubled(doubled(block(Buffer.alloc(16))));
  let code = Buffer.alloc(16);
  for (let at = 0; at < padded.length; at += 16) {
    const part = padded.subarray(at, at + 16).map((byte, index) => byte ^ code[index] ^ (at + 16 === padded.length ? last[index] : 0));
    code = block(part);
  }
  return code;
}

/** The address that an NTAG 424 DNA with these keys would open at its so-manieth tap (NXP AN12196). */
function tap(station, uid, keys, count) {
  const counted = Buffer.from([count & 255, (count >> 8) & 255, count >> 16]);
  const cipher = createCipheriv('aes-128-cbc', keys.meta, Buffer.alloc(16)).setAutoPadding(false);
  const picc = Buffer.concat([cipher.update(Buffer.concat([Buffer.from([0xc7]), uid, counted, randomBytes(5)])), cipher.final()]);
  const session = cmac(keys.file, Buffer.concat([Buffer.from('3cc300010080', 'hex'), uid, counted]));
  const code = cmac(session, Buffer.alloc(0)).filter((_, index) => index % 2 === 1);
  return `/zh/luding/${station}/?picc_data=${picc.toString('hex').toUpperCase()}&cmac=${code.toString('hex').toUpperCase()}`;
}

test('a tap on a station’s tag opens the station, goes with its completion, and shows at the desk', async () => {
  const station = STATIONS[0];
  const uid = Buffer.from('04A1B2C3D4E5F6', 'hex');
  const printed = execFileSync(CHECKPOINT, ['tag', '--station', `luding.${station}`, '--uid', uid.toString('hex'),
    '--content', join(ROOT, 'target/private'), '--database', `sqlite:${join(service.folder, 'retrace.db')}`], { encoding: 'utf8' });
  const key = (name) => Buffer.from(printed.match(new RegExp(`${name}\\s+([0-9a-fA-F]{32})`))[1], 'hex');
  const keys = { meta: key('SDMMetaReadKey'), file: key('SDMFileReadKey') };
  const learner = people(service).learner[0];
  const { page, leave } = await visitor(browser, service, PHONE);
  await page.clock.install();
  await signIn(page, 'zh', learner);
  await page.goto(tap(station, uid, keys, 7));
  await live(page);
  await hook(page, 'notice').filter({ hasText: /\S/ }).waitFor();
  assert.equal(new URL(page.url()).search, '', 'the tap does not stay in the address, nor in the history');
  const sending = page.waitForRequest((request) => request.method() === 'POST' && /"method":"tag"/.test(request.postData() ?? ''));
  await completeByReading(page, 'zh', station);
  const event = JSON.parse((await sending).postData()).events.find(({ kind }) => kind.type === 'completed');
  assert.equal(event.kind.station, station);
  await sent(page);
  const { person } = await page.evaluate(async () => (await fetch('/v1/session')).json());
  await leave();
  const desk = await visitor(browser, service, LAPTOP);
  await desk.page.goto('/zh/sign-in/');
  await live(desk.page);
  await enterCode(desk.page, people(service).trainer[0]);
  await desk.page.waitForURL(/\/desk\/$/);
  await desk.page.goto(`/desk/walks/${person}/luding.bridge`);
  const shown = await desk.page.locator('ol.chain > li').first().innerText();
  assert.match(shown, /E3 .*站点感应标签/);
  await desk.leave();
});
