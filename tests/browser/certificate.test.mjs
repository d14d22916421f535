// Confirmed credit in the holder's hand: the certificate, its file, and the page on which anybody checks it.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { test } from 'node:test';
import { LAPTOP, PHONE, ROOT, opened, visitor } from './harness.mjs';
import { STATIONS, completeByReading, counted, decide, hook, live, openWalk, people, sent, signIn } from './steps.mjs';

const SHOTS = join(ROOT, 'target/shots');
mkdirSync(SHOTS, { recursive: true });

const { service, browser } = await opened();

/** A token as the square on a certificate holds it. */
function packed(token) {
  const [header, payload, signature] = token.split('.').map((part) => Buffer.from(part, 'base64url'));
  const both = deflateRawSync(Buffer.concat([header, Buffer.from('\n'), payload]));
  return `~${both.toString('base64url')}.${signature.toString('base64url')}`;
}

const said = (page, verdict) => hook(page, 'verify-verdict', `[data-verdict="${verdict}"]`).waitFor();

test('a certificate is shown, taken along, checked by anybody with and without a network, and ends when it is taken back', async () => {
  const learner = people(service).learner[0];
  const { page, leave } = await visitor(browser, service, PHONE);
  await page.clock.install();
  await signIn(page, 'zh', learner);
  for (const station of STATIONS) await completeByReading(page, 'zh', station);
  await sent(page);
  for (const station of STATIONS) await counted(page, station);
  await page.goto('/zh/me/');
  await live(page);
  const link = page.locator('a[href="/certificates/luding.bridge"]');
  await hook(page, 'walk', '[data-state="waiting"]').waitFor();
  assert.equal(await link.isVisible(), false, 'there is none before the walk is confirmed');

  const desk = await visitor(browser, service, LAPTOP);
  await openWalk(desk.page, people(service).trainer[0], learner);
  await decide(desk.page, 'confirm', '');

  await page.goto('/zh/me/');
  await live(page);
  await link.click();
  await page.waitForURL('/certificates/luding.bridge');
  await page.getByText(learner.name).first().waitFor();
  await page.screenshot({ path: join(SHOTS, 'certificate-zh.png'), fullPage: true });
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').click()]);
  assert.match(download.suggestedFilename(), /^luding\.bridge-\d{4}-\d\d-\d\d\.jwt$/);
  const token = readFileSync(await download.path(), 'utf8');
  await leave();

  // Somebody else, by the address that the square holds.
  const office = await visitor(browser, service, LAPTOP);
  const verify = `/en/verify/#${packed(token)}`;
  await office.page.goto(verify);
  await said(office.page, 'good');
  assert.match(await hook(office.page, 'verify-facts').innerText(), /0\.5 h/);
  await office.page.locator('#verify-name').fill(learner.name);
  await office.page.getByRole('button', { name: 'Check', exact: true }).click();
  await office.page.getByText(`${learner.name}: fits`).waitFor();
  await office.page.screenshot({ path: join(SHOTS, 'verify-en.png'), fullPage: true });
  await office.page.locator('#verify-name').fill('somebody else');
  await office.page.getByRole('button', { name: 'Check', exact: true }).click();
  await said(office.page, 'bad');
  await office.page.locator('#verify-name').fill('');

  // One letter of the payload changed, and things that are no certificate at all.
  const [head, body, signature] = token.split('.');
  const other = body[40] === 'A' ? 'B' : 'A';
  for (const bad of [`${head}.${body.slice(0, 40)}${other}${body.slice(41)}.${signature}`, `${head}.${body}`, 'x.y.z', '泸定桥', `${head}.${body}.${signature.slice(4)}`]) {
    await office.page.locator('#verify-token').fill(bad);
    await office.page.getByRole('button', { name: 'Check', exact: true }).click();
    await said(office.page, 'bad');
    await office.page.locator('#verify-token').fill(token);
    await office.page.getByRole('button', { name: 'Check', exact: true }).click();
    await said(office.page, 'good');
  }
  await office.page.locator('#verify-file').setInputFiles({ name: 'luding.jwt', mimeType: 'application/vc+jwt', buffer: Buffer.from(token) });
  await said(office.page, 'good');

  await office.context.setOffline(true);
  await office.page.getByRole('button', { name: 'Check', exact: true }).click();
  await said(office.page, 'unknown');
  assert.match(await hook(office.page, 'verify-verdict').innerText(), /had not ended by the list of/);
  await office.context.setOffline(false);

  await desk.page.goto('/desk/?state=confirmed');
  await desk.page.getByRole('link', { name: new RegExp(learner.name) }).first().click();
  await desk.page.locator('#decide textarea').fill('重复计算');
  await desk.page.locator('button[value="reopen"]').click();
  await desk.page.waitForURL(/done=reopened|reopened=1/);
  await desk.leave();
  await office.page.getByRole('button', { name: 'Check', exact: true }).click();
  await said(office.page, 'bad');
  assert.match(await hook(office.page, 'verify-verdict').innerText(), /No longer valid/);
  await office.context.close();
});
