// Measures the client of the release binary in Chromium and prints each figure beside its goal (docs/performance.md).
// Usage: npm run figures
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { launch, View, wholeChromium } from "../browser/support/browser.ts";
import { Server } from "../browser/support/server.ts";
import { fillFeed, type Reader } from "./feed.ts";
import { likeMany, openAndReturn, scrollThrough, seesPosts, write } from "./hand.ts";
import { report } from "./report.ts";
import { latencies, observe, percentile, read, type Shift, type Vitals } from "./vitals.ts";

const posts = 1_000;
const loads = 5;
const likes = 50;
const threads = 5;
const slowdown = 4; // the processor of a middling phone
const dist = resolve(import.meta.dirname, "../../dist");

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
}

function median(values: number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** First visits, each with an empty cache. */
async function firstVisits(browser: Browser, server: Server): Promise<Vitals[]> {
  const visits: Vitals[] = [];
  for (let visit = 0; visit < loads; visit += 1) {
    const view = await View.open(browser, server, { width: 360 });
    await observe(view.context);
    await slowDown(view.page);
    await view.goto("/");
    await seesPosts(view.page);
    visits.push(await read(view.page));
    await view.context.close();
  }
  return visits;
}

async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 2 ** 20;
}

/** A member's long stay: the whole feed, likes, writing, threads and back. */
async function longStay(browser: Browser, server: Server, reader: Reader) {
  const view = await View.open(browser, server, { width: 1280, as: reader });
  const { page } = view;
  await observe(view.context);
  await slowDown(page);
  await view.goto("/");
  await scrollThrough(page, posts);
  const heap = await heapMegabytes(page);
  await likeMany(page, likes);
  for (let turn = 1; turn <= threads; turn += 1) await openAndReturn(page, -turn);
  await write(page, "Written above a thousand others, one key at a time.");
  const vitals = await read(page);
  await view.context.close();
  return { vitals, heap };
}

function bootSize(): number {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const scripts = html.matchAll(/<(?:script[^>]+src|link[^>]+modulepreload[^>]+href)="([^"]+)"/g);
  let total = 0;
  for (const [, script = ""] of scripts) {
    total += gzipSync(readFileSync(join(dist, script)), { level: 9 }).length;
  }
  return total / 1000;
}

const total = (shifts: Shift[]) => shifts.reduce((sum, { value }) => sum + value, 0);

function reportShifts(what: string, shifts: Shift[]): void {
  report(what, total(shifts).toFixed(4), "0", shifts.length === 0);
  for (const { value, what: moved } of shifts.slice(0, 5)) {
    console.error(`      ${value.toFixed(4)} ${moved}`);
  }
}

await using server = await Server.start();
const reader = await fillFeed(server, posts);
const browser = await launch(wholeChromium);
try {
  const boot = bootSize();
  report(
    "scripts before the first paint of the client, gzip",
    `${boot.toFixed(1)} kB`,
    "≤ 120 kB",
    boot <= 120,
  );

  const visits = await firstVisits(browser, server);
  const first = median(visits.map(({ firstPaint }) => firstPaint));
  const largest = median(visits.map(({ largestPaint }) => largestPaint));
  report(
    `first contentful paint, processor ${slowdown} × slower`,
    `${first.toFixed(0)} ms`,
    "≤ 1000 ms",
    first <= 1000,
  );
  report("  largest contentful paint", `${largest.toFixed(0)} ms`, "≤ 2500 ms", largest <= 2500);
  reportShifts(
    "  layout shift of the first visit",
    visits.flatMap(({ shifts }) => shifts),
  );

  const { vitals, heap } = await longStay(browser, server, reader);
  const sorted = latencies(vitals.interactions);
  const p98 = percentile(sorted, 0.98);
  report(
    `${posts} posts in the feed: interaction latency p98`,
    `${p98} ms`,
    "≤ 200 ms",
    p98 <= 200,
  );
  report("  of so many interactions longer than a frame", sorted.length, "");
  report("  p50", `${percentile(sorted, 0.5)} ms`, "");
  report("  slowest", `${sorted.at(-1)} ms`, "");
  reportShifts("  layout shift of the whole stay", vitals.shifts);
  report("  script heap", `${heap.toFixed(1)} MiB`, "≤ 60 MiB", heap <= 60);
} finally {
  await browser.close();
}
