// Signing in by an account of one's unit, at a real provider in a process of its own and on another site than the service.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LAPTOP, PHONE, audit, freePort, openBrowser, startService, visitor } from './harness.mjs';
import { hook, live, people } from './steps.mjs';

const [CLIENT, SECRET] = ['retrace', 'a secret of both'];
const ADMIN = { code: 'DMNS-TRTR', pin: '517390' };
const TRAINER = { code: 'TRNR-DSKB', pin: '704915' };
// The provider's own pages are not ours to mend.
const ITS_OWN = [/fonts\.googleapis/, /127\.0\.0\.1/];

let browser;
let service;
let provider;
before(async () => {
  browser = await openBrowser();
  service = await startService({ host: 'localhost' });
  const { page, leave } = await visitor(browser, service, LAPTOP);
  await byCode(page, ADMIN);
  await page.goto('/desk/units');
  const unit = (await page.locator('.unit-id').first().innerText()).trim();
  await leave();
  const issuer = `http://127.0.0.1:${await freePort()}`;
  provider = await startProvider(issuer);
  writeFileSync(join(service.folder, 'secret'), SECRET);
  writeFileSync(join(service.folder, 'providers.toml'), `[[provider]]
id = "county"
title = { zh = "县统一账号", en = "County account" }
issuer = "${issuer}"
client_id = "${CLIENT}"
secret_file = "secret"
unit = "${unit}"
`);
  await service.kill();
  service.more = ['--providers', join(service.folder, 'providers.toml')];
  await service.start();
});
after(async () => {
  await browser?.close();
  provider?.kill();
  await service?.stop();
});

async function startProvider(issuer) {
  const back = `${service.url}/sign-in/county/back`;
  const child = spawn(process.execPath, [join(import.meta.dirname, 'provider.mjs'), issuer, CLIENT, SECRET, back]);
  await new Promise((ready, failed) => {
    child.stdout.on('data', (said) => String(said).includes('ready') && ready());
    child.once('exit', (code) => failed(new Error(`the provider ended with ${code}`)));
  });
  return child;
}

async function byCode(page, { code, pin }) {
  await page.goto('/desk/sign-in');
  await page.locator('[name="code"]').fill(code);
  await page.locator('[name="pin"]').fill(pin);
  await page.locator('button.button-next').click();
  await page.waitForURL(/\/desk\/$/);
}

/** Signs in at the provider, which asks for a name and then whether one agrees. */
async function agree(page, name) {
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill('of no matter');
  await page.locator('button[type="submit"]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const shot = (page, name) => process.env.SHOTS && page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true });

test('a trainer binds an account by code once, then comes in by it alone, until an administrator unbinds it', async () => {
  const { page, leave } = await visitor(browser, service, LAPTOP, { expected: [...ITS_OWN, /401/] });
  await page.goto('/desk/people');
  await page.getByRole('link', { name: 'Sign in with County account' }).click();
  await agree(page, 'employee-7');
  await page.waitForURL(`${service.url}/sign-in/county/bind`);
  await audit(page);
  await shot(page, 'bind-laptop');
  await page.locator('[name="code"]').fill(TRAINER.code);
  await page.locator('[name="pin"]').fill('000001');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('not right').waitFor();
  await page.locator('[name="code"]').fill(TRAINER.code);
  await page.locator('[name="pin"]').fill(TRAINER.pin);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${service.url}/desk/people`);
  await page.goto('/account');
  await page.getByRole('rowheader', { name: 'County account' }).waitFor();
  await audit(page);
  await shot(page, 'account-laptop');

  // The provider still knows them: one link, and they are there.
  await page.context().clearCookies({ name: 'retrace' });
  await page.goto('/desk/');
  await page.getByRole('link', { name: 'Sign in with County account' }).click();
  await page.waitForURL(`${service.url}/desk/`);

  const office = await visitor(browser, service, LAPTOP);
  await byCode(office.page, ADMIN);
  await office.page.goto('/desk/people');
  await audit(office.page);
  await shot(office.page, 'people-laptop');
  await office.page.getByRole('button', { name: /^Unbind/ }).click();
  await office.page.getByRole('button', { name: /^Unbind/ }).waitFor({ state: 'detached' });
  await office.page.goto('/desk/audit');
  for (const act of ['bound an account', 'signed in by an account', 'unbound an account']) {
    await office.page.getByText(act).first().waitFor();
  }
  await office.leave();

  await page.goto('/desk/people');
  await page.waitForURL(/\/desk\/sign-in/);
  await page.getByRole('link', { name: 'Sign in with County account' }).click();
  await page.waitForURL(`${service.url}/sign-in/county/bind`);
  await leave();
});

test('a learner on a phone signs in from the page they read, and the page keeps their record as ever', async () => {
  const [learner] = people(service).learner;
  const { page, leave } = await visitor(browser, service, PHONE, { expected: [...ITS_OWN, /409/] });
  await page.goto('/zh/sign-in/#/zh/luding/deck/');
  await page.getByRole('link', { name: '县统一账号' }).click();
  await agree(page, 'pupil-1');
  await page.waitForURL(`${service.url}/sign-in/county/bind`);
  assert.ok((await wide(page)) <= 0, 'nothing is wider than the phone');
  await audit(page);
  await shot(page, 'bind-phone');
  await page.locator('[name="code"]').fill(learner.code);
  await page.locator('[name="pin"]').fill(learner.pin);
  await page.getByRole('button', { name: '绑定并登录' }).click();
  await page.waitForURL(`${service.url}/zh/luding/deck/`);
  await hook(page, 'account').getByText(learner.name).waitFor();

  await page.goto('/account');
  await page.getByRole('rowheader', { name: '县统一账号' }).waitFor();
  assert.ok((await wide(page)) <= 0, 'nothing is wider than the phone');
  await shot(page, 'account-phone');

  // On a machine where nobody is signed in, by the keyboard alone.
  await page.context().clearCookies({ name: 'retrace' });
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  });
  await page.goto('/zh/sign-in/');
  await live(page);
  const door = page.getByRole('link', { name: '县统一账号' });
  await door.waitFor();
  await shot(page, 'sign-in-phone');
  for (let stops = 0; !(await door.evaluate((link) => link === document.activeElement)); stops += 1) {
    assert.ok(stops < 40, 'the keyboard comes to it');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(`${service.url}/zh/me/`);
  await hook(page, 'account').getByText(learner.name).waitFor();

  // The way back is good for one time; going back to it says so and offers to begin again.
  await page.goto('/sign-in/county/back?code=x&state=y');
  await page.getByRole('alert').getByText('重新开始').waitFor();
  await audit(page);
  await shot(page, 'stale-phone');
  await leave();
});

test('a provider that is away is told on a page with the other way in', async () => {
  const { page, leave } = await visitor(browser, service, PHONE, { expected: [/503/] });
  await new Promise((ended) => {
    provider.once('exit', ended);
    provider.kill();
  });
  // A service that has not asked it yet.
  await service.kill();
  await service.start();
  await page.goto('/desk/sign-in');
  await page.getByRole('link', { name: /县统一账号/ }).click();
  await page.getByRole('alert').getByText('暂时连不上').waitFor();
  assert.ok((await wide(page)) <= 0, 'nothing is wider than the phone');
  await shot(page, 'away-phone');
  await page.getByRole('link', { name: '用邀请码和 PIN 登录' }).click();
  await page.locator('[name="code"]').waitFor();
  await leave();
});
