// A trainer who has never seen the desk confirms thirty walks: what it takes is counted.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { LAPTOP, ROOT, opened, visitor } from './harness.mjs';
import { enterCode, live, people, wholeWalk } from './steps.mjs';

const { service, browser } = await opened();
const ADMIN = /^\s*admin\s+(\S+)\s+(\d{6})/m;
const ALL = 30;
/** Those who were at the stations for less than is told there: nobody confirms them unseen. */
const HASTY = 4;

async function enter(page, person) {
  await page.goto('/zh/sign-in/');
  await live(page);
  await enterCode(page, person);
  await page.waitForURL(/\/desk\/$/);
}

/** Adds thirty learners at the desk and gives their codes, as they stand on the printed sheet. */
async function added() {
  const { page, leave } = await visitor(browser, service, LAPTOP);
  const [, code, pin] = ADMIN.exec(service.said);
  await enter(page, { code, pin });
  await page.getByRole('link', { name: '人员', exact: true }).click();
  await page.locator('a[href*="roster"]').first().click();
  const names = Array.from({ length: ALL }, (_, index) => `学员${String(index + 1).padStart(2, '0')}`);
  const text = `name,group,role\n${names.map((name) => `${name},培训班,learner\n`).join('')}`;
  await page.locator('[name="file"]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: '检查名单' }).click();
  await page.getByRole('button', { name: '添加并显示邀请码' }).click();
  await page.locator('.card-code').first().waitFor();
  const codes = await page.locator('.card-code').allInnerTexts();
  assert.equal(codes.length, ALL);
  await leave();
  return codes;
}

/** What a learner's phone sends: a sign-in by the code, and a whole walk. */
async function walk(code, settings) {
  const send = (path, body, headers = {}) => fetch(new URL(path, service.url), {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body),
  });
  const begun = await send('/v1/session', { code, pin: '258047' });
  assert.equal(begun.status, 200, await begun.clone().text());
  const cookie = begun.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
  const events = wholeWalk(settings);
  const { receipts } = await (await send('/v1/events', { events }, { cookie })).json();
  assert.deepEqual(receipts.map(({ result }) => result), events.map(() => 'stored'));
}

test('thirty walks are confirmed by a few clicks, and those that look hasty are opened one by one', async (told) => {
  const codes = await added();
  for (const [index, code] of codes.entries()) await walk(code, index < HASTY ? { dwell: 20 } : {});
  const { page, leave, context } = await visitor(browser, service, LAPTOP);
  let clicks = 0;
  await context.exposeBinding('clicked', () => { clicks += 1; });
  await context.addInitScript(() => addEventListener('click', ({ isTrusted, detail }) => isTrusted && detail > 0 && globalThis.clicked(), true));
  const began = Date.now();
  await enter(page, people(service).trainer[0]);
  assert.equal(await page.locator('.walks tbody tr').count(), ALL);
  await page.getByRole('link', { name: /选中本页无待查事项的/ }).click();
  await page.waitForURL(/pick=unflagged/);
  assert.equal(await page.locator('.walks input:checked').count(), ALL - HASTY, 'no hasty one is among them');
  const chosen = page.locator('#chosen');
  const row = page.locator('.walks input:checked').first();
  assert.match(await chosen.innerText(), new RegExp(`已选 ${ALL - HASTY} / ${ALL}`));
  await row.press('Space');
  assert.match(await chosen.innerText(), new RegExp(`已选 ${ALL - HASTY - 1} / ${ALL}`));
  await page.locator('.walks input:not(:checked)').first().press('Space');
  await page.screenshot({ path: join(ROOT, 'target/shots/thirty.png') });
  await page.getByRole('button', { name: '确认所选' }).click();
  await page.waitForURL((url) => url.searchParams.get('confirmed') === String(ALL - HASTY));
  await page.getByRole('link', { name: /逐份查看其余/ }).click();
  for (let left = HASTY; left > 0; left -= 1) {
    await page.waitForURL(/\/desk\/walks\//);
    const here = page.url();
    await page.locator('.flagged, .flags').first().waitFor();
    await page.getByRole('button', { name: '确认走访' }).click();
    await page.waitForURL((url) => url.href !== here);
  }
  assert.equal(new URL(page.url()).pathname, '/desk/', 'after the last the list is shown');
  assert.equal(await page.locator('.walks tbody tr').count(), 0);
  // One to sign in, one to tick, one to confirm, one to look at the others, one for each of these.
  assert.equal(clicks, 4 + HASTY);
  told.diagnostic(`${ALL} walks, ${HASTY} of them opened: ${clicks} clicks, ${Date.now() - began} ms of the pages' own time`);
  await leave();
});
