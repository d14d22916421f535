// The desk's way out: it leads through the lobby, which refuses while records wait and clears the machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAPTOP, opened, visitor } from './harness.mjs';
import { hook, live, people } from './steps.mjs';

const { service, browser } = await opened();

const session = (page) => page.evaluate(async () => (await fetch('/v1/session')).status);

async function byTheLobby(page, { code, pin }) {
  await page.goto('/en/sign-in/');
  await live(page);
  await page.locator('#code').fill(code);
  await page.locator('#pin').fill(pin);
  await hook(page, 'sign-in-go').click();
}

async function byTheDoor(page, { code, pin }) {
  await page.goto('/desk/');
  await page.locator('[name="code"]').fill(code);
  await page.locator('[name="pin"]').fill(pin);
  await page.locator('button.button-next').click();
}

for (const [name, enter] of [['the sign-in page', byTheLobby], ['the door of the desk', byTheDoor]]) {
  test(`who came by ${name} leaves the desk through the lobby, which ends the session and clears the machine`, async () => {
    const { page, leave } = await visitor(browser, service, LAPTOP, { expected: [/401/] });
    await enter(page, people(service).trainer[0]);
    await page.waitForURL(/\/desk\/$/);
    await page.evaluate(() => localStorage.setItem('kept', 'here'));
    assert.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0, 'one way out is shown');
    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.waitForURL(/\/en\/me\//);
    await hook(page, 'sign-out-go').click();
    await page.waitForURL(/\/en\/$/);
    await live(page);
    await page.locator('[data-hook="account"] a[href$="sign-in/"]').waitFor();
    assert.equal(await page.evaluate(() => localStorage.getItem('kept')), null, 'the machine is cleared');
    assert.equal(await session(page), 401);
    await leave();
  });
}

test('without scripts the desk is left by a form that ends the session', async () => {
  const context = await browser.newContext({ ...LAPTOP, baseURL: service.url, javaScriptEnabled: false });
  const page = await context.newPage();
  const { code, pin } = people(service).trainer[0];
  await page.goto('/desk/');
  await page.locator('[name="code"]').fill(code);
  await page.locator('[name="pin"]').fill(pin);
  await page.locator('button.button-next').click();
  await page.waitForURL(/\/desk\/$/);
  assert.equal(await page.getByRole('link', { name: 'Sign out' }).isVisible(), false, 'one way out is shown');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/desk\/sign-in$/);
  await page.goto('/desk/');
  await page.waitForURL(/\/desk\/sign-in\?to=/);
  await context.close();
});
