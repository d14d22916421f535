// A real service on a real database, a real Chromium, and the rules that every browser test keeps:
// no page error, no console error, no serious accessibility finding.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { after } from 'node:test';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const ROOT = resolve(import.meta.dirname, '../..');
export const CHECKPOINT = process.env.CHECKPOINT ?? join(ROOT, 'target/serve/checkpoint');

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1, isMobile: true, hasTouch: true, locale: 'zh-CN' };
export const LAPTOP = { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1, locale: 'en-GB' };

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** The service on a database of its own, with demo people unless told otherwise, opened under a name if there is one, serving the built site or another folder, with the private content of the build or of another folder; `kill` ends it like a power cut, `start` brings it back on the same port. */
export async function startService({ demo = true, host = null, web = join(ROOT, 'target/web'), content = join(ROOT, 'target/private') } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'retrace-'));
  const port = await freePort();
  const service = { url: `http://${host ?? '127.0.0.1'}:${port}`, folder, people: {}, process: null, more: [] };
  service.start = async () => {
    const args = ['serve', '--web', web, '--content', content,
      '--database', `sqlite:${join(folder, 'retrace.db')}`, '--listen', `127.0.0.1:${port}`, ...(demo ? ['--demo'] : []), ...(host ? ['--origin', service.url] : []), ...service.more];
    const child = spawn(CHECKPOINT, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    service.process = child;
    let said = '';
    await new Promise((ready, failed) => {
      const hear = (chunk) => {
        said += chunk;
        if (said.includes(service.url)) ready();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`the service ended with ${code}:\n${said}`)));
    });
    service.said = said;
    for (;;) {
      const answer = await fetch(`${service.url}/readyz`).catch(() => null);
      if (answer?.ok) break;
    }
  };
  service.kill = () => new Promise((done) => {
    service.process.once('exit', done);
    service.process.kill('SIGKILL');
  });
  service.stop = async () => {
    await service.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  await service.start();
  return service;
}

const FLAGS = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'];

export function openBrowser(extra = []) {
  return chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: [...FLAGS, ...extra] });
}

/** A browser that keeps what it fetched in a folder, as a visitor's does from one day to the next; gives its context. */
export function openProfile(folder, options) {
  return chromium.launchPersistentContext(folder, { executablePath: '/usr/bin/chromium', headless: true, args: FLAGS, ...options });
}

/** A service, set as `startService` can be, and a browser for the tests of one file, both ended after the last of them. */
export async function opened(extra = [], settings = {}) {
  const ends = [];
  after(async () => {
    for (const end of ends.reverse()) await end();
  });
  const service = await startService(settings);
  ends.push(() => service.stop());
  const browser = await openBrowser(extra);
  ends.push(() => browser.close());
  return { service, browser };
}

/** A visitor: one context with its own storage, whose every page is watched for errors. */
export async function visitor(browser, service, device, options = {}) {
  const { expected = [], ...contextOptions } = options;
  const context = await browser.newContext({ ...device, baseURL: service.url, serviceWorkers: 'block', ...contextOptions });
  const faults = [];
  const fault = (text) => {
    faults.push(text);
    // Said at once as well: a test that ends on a step before `leave` would take the cause with it.
    if (!expected.some((pattern) => pattern.test(text))) console.log(text);
  };
  const watch = (page) => {
    page.on('pageerror', (error) => fault(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') fault(`console: ${message.text()} (${message.location().url})`);
    });
  };
  context.on('page', watch);
  const page = await context.newPage();
  return {
    context,
    page,
    faults,
    watch,
    /** Ends the visit: accessibility of the page as it stands, then no error ever seen. */
    async leave() {
      await audit(page);
      const unexpected = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
      await context.close();
      if (unexpected.length) throw new Error(`the page reported errors:\n${unexpected.join('\n')}`);
    },
  };
}

/** Fails on any serious or critical accessibility finding. */
export async function audit(page) {
  // Injected through the debugger, since the content security policy rightly forbids foreign scripts.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: AXE });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | '))))`,
    awaitPromise: true,
  });
  await session.detach();
  const findings = JSON.parse(result.value);
  if (findings.length) throw new Error(`accessibility at ${page.url()}:\n${findings.join('\n')}`);
}
