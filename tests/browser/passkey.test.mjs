// Passkeys at the desk, with the browser's own virtual authenticator: made, used, copied, removed; code and PIN stay the way back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAPTOP, PHONE, audit, openBrowser, startService, visitor } from './harness.mjs';

let browser;
let service;
before(async () => {
  browser = await openBrowser();
  service = await startService({ host: 'localhost' });
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

const [CODE, PIN] = ['TRNR-DSKB', '704915'];

/** A phone's or a computer's own authenticator, which asks nobody in between. */
async function authenticator(page, options = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true, ...options,
    },
  });
  return {
    credentials: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    add: (credential) => session.send('WebAuthn.addCredential', { authenticatorId, credential }),
    remove: (credentialId) => session.send('WebAuthn.removeCredential', { authenticatorId, credentialId }),
    verifies: (isUserVerified) => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}

async function signIn(page) {
  await page.goto('/desk/sign-in');
  await page.locator('[name="code"]').fill(CODE);
  await page.locator('[name="pin"]').fill(PIN);
  await page.locator('button.button-next').click();
  await page.waitForURL(/\/desk\/$/);
}

async function add(page, name) {
  await page.goto('/desk/passkeys');
  await page.locator('[name="name"]').fill(name);
  await page.getByRole('button', { name: 'Add it' }).click();
}

/** Leaves the session, and nothing of it in the browser. */
const leave = (page) => page.context().clearCookies({ name: 'retrace' });
const byPasskey = (page) => page.getByRole('button', { name: 'Sign in by passkey' });
const width = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('a trainer makes a passkey, signs in by it alone, and removes it', async () => {
  const { page, leave: end } = await visitor(browser, service, LAPTOP, { expected: [/401/, /409/] });
  const keys = await authenticator(page);
  await signIn(page);
  await add(page, 'Office computer');
  await page.getByRole('rowheader', { name: 'Office computer' }).waitFor();
  const [made] = await keys.credentials();
  assert.equal(made.isResidentCredential, true, 'the authenticator itself knows whose it is');
  assert.equal(made.rpId, 'localhost');

  await add(page, 'The same again');
  await page.getByText('has a passkey of yours already').waitFor();

  await leave(page);
  await page.goto('/desk/people');
  await page.waitForURL(/sign-in\?to=/);
  await byPasskey(page).click();
  await page.waitForURL(/\/desk\/people$/);
  await page.goto('/desk/passkeys');
  const row = page.getByRole('row', { name: /Office computer/ });
  assert.match(await row.innerText(), /on one device/);
  assert.doesNotMatch(await row.innerText(), /—/, 'when it was last used is told');

  // An answer is taken once: the same form sent again is too late.
  await leave(page);
  await page.goto('/desk/sign-in');
  const [answer] = await Promise.all([
    page.waitForRequest((request) => request.method() === 'POST'),
    byPasskey(page).click(),
  ]);
  await page.waitForURL(/\/desk\/$/);
  await leave(page);
  const again = await page.request.post('/desk/sign-in/passkey', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' }, data: answer.postData(),
  });
  assert.equal(again.status(), 409);

  // A copy was made before and counts from there: the count goes back.
  await keys.remove(made.credentialId);
  await keys.add({ ...made, signCount: 1 });
  await page.goto('/desk/sign-in');
  await byPasskey(page).click();
  await page.getByText('as that of a copy does').waitFor();

  await signIn(page);
  await page.goto('/desk/passkeys');
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await width(page), 0, 'the page fits a phone');
  await page.getByRole('button', { name: 'Remove · Office computer' }).click();
  await page.getByText('There is no passkey yet').waitFor();
  await leave(page);
  await page.goto('/desk/sign-in');
  await byPasskey(page).click();
  await page.getByText('Sign in with code and PIN', { exact: false }).first().waitFor();
  assert.equal(await page.request.get('/v1/session').then((session) => session.status()), 401);
  await end();
});

test('who is not verified, or whose device cannot keep a passkey, comes in by code and PIN', async () => {
  const { page, leave: end } = await visitor(browser, service, { ...PHONE, locale: 'en-GB' }, { expected: [/401/] });
  const keys = await authenticator(page, { isUserVerified: false });
  await signIn(page);
  await add(page, 'Unlocked phone');
  await page.getByText('Nothing was added').waitFor();
  await keys.verifies(true);
  await page.getByRole('button', { name: 'Add it' }).click();
  await page.getByRole('rowheader', { name: 'Unlocked phone' }).waitFor();
  await keys.verifies(false);
  await leave(page);
  await page.goto('/desk/sign-in');
  await byPasskey(page).click();
  await page.getByText('Not signed in').waitFor();
  await signIn(page);
  await end();
});

// By itself, since the check takes the virtual authenticator away.
test('the door and the page of passkeys can be used by everyone', async () => {
  const { page, leave: end } = await visitor(browser, service, LAPTOP);
  await page.goto('/desk/sign-in');
  await byPasskey(page).waitFor();
  await audit(page);
  await signIn(page);
  await page.goto('/desk/passkeys');
  await page.getByRole('button', { name: 'Add it' }).waitFor();
  await end();
});

test('without scripts there is no such button, and the door opens by code and PIN', async () => {
  const context = await browser.newContext({ ...LAPTOP, baseURL: service.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/desk/sign-in');
  assert.equal(await byPasskey(page).isVisible(), false);
  await signIn(page);
  await page.goto('/desk/passkeys');
  assert.match(await page.locator('noscript p').innerText(), /needs the browser’s scripts/);
  await context.close();
});
