// G14: whether what is heard goes on while the page's main thread is blocked.
import { setTimeout as pause } from 'node:timers/promises';
import { OURS, addressOf, open, tell, when, windowOf } from './visit.mjs';

const [BLOCKS, BLOCK_MS, BETWEEN_MS] = [10, 200, 700];

/** Runs in the page: whatever is sent to the loudspeaker passes a tap on the audio thread as well. */
function tapSound() {
  const tap = `registerProcessor('tap', class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.heard = false; this.gaps = 0; this.silent = 0; this.blocks = 0; this.frame = null; this.skips = 0;
      this.port.onmessage = () => {
        const { gaps, silent, blocks, skips, heard } = this;
        this.port.postMessage({ gaps, silent, blocks, skips, heard });
      };
    }
    process([input]) {
      if (this.frame !== null && currentFrame !== this.frame + 128) this.skips += 1;
      this.frame = currentFrame;
      let loud = 0;
      for (const channel of input) for (const sample of channel) loud = Math.max(loud, Math.abs(sample));
      this.blocks += 1;
      if (loud > 1e-5) { this.heard = true; this.still = 0; }
      else if (this.heard) { this.silent += 1; this.still = (this.still ?? 0) + 1; if (this.still === 2) this.gaps += 1; }
      return true;
    }
  });`;
  const connect = AudioNode.prototype.connect;
  const taps = new Map();
  globalThis.sound = { contexts: [] };
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) {
      const { context } = this;
      if (!taps.has(context)) {
        globalThis.sound.contexts.push(context);
        taps.set(context, context.audioWorklet.addModule(URL.createObjectURL(new Blob([tap], { type: 'text/javascript' }))).then(() => {
          const node = new AudioWorkletNode(context, 'tap');
          globalThis.sound.port = node.port;
          connect.call(node, context.destination);
          return node;
        }));
      }
      taps.get(context).then((node) => connect.call(this, node));
    }
    return connect.call(this, to, ...more);
  };
  globalThis.sound.told = () => new Promise((answer) => {
    const { contexts: [context], port } = globalThis.sound;
    port.onmessage = ({ data }) => {
      const { underrunEvents = null, underrunDuration = null } = context.playbackStats ?? context.playoutStats ?? {};
      answer({ ...data, secs: context.currentTime, wall: performance.now() / 1000, state: context.state, underruns: underrunEvents, underrunSecs: underrunDuration });
    };
    port.postMessage(null);
  });
}

/** G14: gaps in what the tap hears, and underruns that the browser itself counts, over ten blocks of 200 ms. */
export async function gaps({ browser, url, pages, point }) {
  const { context, page } = await open(browser, url, addressOf(OURS, pages), { before: tapSound, window: windowOf(OURS) });
  await when(page, 'ready');
  await tell(page, OURS, { type: 'quality', tier: 'floor' });
  await tell(page, OURS, { type: 'volume', voice: 1, ambience: 1 });
  await tell(page, OURS, { type: 'play', point, from_secs: null });
  await page.waitForFunction(async () => globalThis.sound?.port && (await globalThis.sound.told()).heard, null, { timeout: 60_000, polling: 500 });
  await pause(4000);
  const told = () => page.evaluate(() => globalThis.sound.told());
  const start = await told();
  // As long without a block: a machine that is starved breaks the sound by itself.
  await pause(BLOCKS * (BLOCK_MS + BETWEEN_MS));
  const before = await told();
  for (let block = 0; block < BLOCKS; block += 1) {
    await page.evaluate((ms) => { for (const end = performance.now() + ms; performance.now() < end;); }, BLOCK_MS);
    await pause(BETWEEN_MS);
  }
  const after = await told();
  // What is silent in truth must be heard as silent, or the count above says nothing.
  await tell(page, OURS, { type: 'volume', voice: 0, ambience: 0 });
  const fades = page.waitForFunction(async (gaps) => (await globalThis.sound.told()).gaps > gaps, after.gaps, { timeout: 20_000, polling: 500 });
  await fades.catch(() => { throw new Error('the tap does not hear silence'); });
  await context.close();
  if (!(after.blocks - before.blocks > 1000)) throw new Error(`the tap heard ${after.blocks - before.blocks} blocks of sound`);
  const [unblocked, blocked] = [broken(start, before), broken(before, after)];
  return { value: blocked.sum, unblocked: unblocked.sum, parts: { unblocked, blocked } };
}

/** What broke between two reports of the tap: silences, skipped frames, the browser's underruns, a clock that stood still. */
function broken(from, to) {
  const [gaps, skips, underruns] = ['gaps', 'skips', 'underruns'].map((key) => to[key] - from[key]);
  const late = to.wall - from.wall - (to.secs - from.secs);
  return { sum: gaps + skips + underruns + (late > BLOCK_MS / 2000 ? 1 : 0), gaps, skips, underruns, late };
}
