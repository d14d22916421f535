// Takes the poster of a site from the running scene: `node poster.mjs http://127.0.0.1:8787 luding`, and notes in built.toml
// from which models, textures and scene.toml, so that a stale poster can be told. The program's own look is not noted.
//
// In two sizes. The poster is the very view that a visitor enters, at the high tier, without the page's tools and without markers.
// Needs the browser tests' playwright-core and Chromium; a software renderer does, slowly.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '../../tests/browser/node_modules/playwright-core/index.mjs';

const [address, site] = process.argv.slice(2);
const SIZE = { width: 1280, height: 720 };
// Frames after which the last texture has been put on, one a frame, at the quick tier; then those of the fine one.
const QUICK_FRAMES = 40;
const FINE_FRAMES = 8;

const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
const page = await browser.newPage({ viewport: SIZE, reducedMotion: 'reduce', serviceWorkers: 'block' });
// Stations without story points have no markers.
await page.route('**/site.json', async (route) => {
    const answer = await route.fetch();
    const told = await answer.json();
    for (const station of told.stations) station.points = [];
    await route.fulfill({ response: answer, json: told });
});
await page.goto(`${address}/zh/${site}/scene/`);
await page.waitForFunction(() => document.documentElement.dataset.lobby === 'live');
await page.locator('[data-hook="enter"]').click();
await page.locator('[data-hook="stage"][data-state="ready"]').waitFor({ timeout: 600_000 });
// The canvas alone fills the window.
await page.evaluate(() => {
    for (const other of document.querySelectorAll('header, footer, .tools, [data-hook="notice"]')) other.style.display = 'none';
    const place = document.querySelector('[data-hook="canvas-place"]');
    Object.assign(place.style, { position: 'fixed', inset: '0', zIndex: '99', width: '100vw', height: '100vh' });
});
const frame = () => page.evaluate(async () => JSON.parse((await import(`${document.body.dataset.app}companion.js`)).probe()).frame);
for (const [tier, count] of [['floor', QUICK_FRAMES], ['high', FINE_FRAMES]]) {
    const said = JSON.stringify({ type: 'quality', tier });
    await page.evaluate((detail) => dispatchEvent(new CustomEvent('retrace:told', { detail })), said);
    const wanted = (await frame()) + count;
    while ((await frame()) < wanted) await page.waitForTimeout(500);
}
const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '..', 'sites', site);
const made = [];
const png = (await page.screenshot({ clip: { x: 0, y: 0, ...SIZE }, timeout: 120_000 })).toString('base64');
const blank = await browser.newPage();
for (const [width, quality, name] of [[1280, 0.72, 'poster.webp'], [640, 0.66, 'poster_640.webp']]) {
    const webp = await blank.evaluate(async ({ png, width, quality }) => {
        const image = new Image();
        image.src = `data:image/png;base64,${png}`;
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width, height: (width * 9) / 16 });
        const pen = canvas.getContext('2d');
        pen.imageSmoothingQuality = 'high';
        pen.drawImage(image, 0, 0, canvas.width, canvas.height);
        return canvas.toDataURL('image/webp', quality).split(',')[1];
    }, { png, width, quality });
    writeFileSync(join(folder, name), Buffer.from(webp, 'base64'));
    made.push(name);
    console.log(`${name}: ${Buffer.from(webp, 'base64').length} bytes`);
}
await browser.close();

const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
const drawn = ['models', 'textures'].flatMap((kind) => readdirSync(join(folder, kind)).sort().map((name) => `${kind}/${name}`));
const section = [
    '[poster]',
    `script."assets/workshop/poster.mjs" = "${digest(join(here, 'poster.mjs'))}"`,
    ...[...drawn, 'scene.toml'].map((name) => `input."${name}" = "${digest(join(folder, name))}"`),
    ...made.map((name) => `output."${name}" = "${digest(join(folder, name))}"`),
].join('\n');
// The other makers' sections stay as they are.
const others = readFileSync(join(folder, 'built.toml'), 'utf8').split(/^(?=\[)/m).map((part) => part.trim());
const kept = others.filter((part) => part && !part.startsWith('[poster]'));
writeFileSync(join(folder, 'built.toml'), `${[...kept, section].sort().join('\n\n')}\n`);
