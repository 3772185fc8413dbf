// Prints the figures of docs/performance.md, each beside its goal; with BASELINE, a release binary,
// each beside that one's.
// Usage: [BASELINE=PATH] bin/bench [NAME...]
import { client } from "./client.mjs";
import { crowd } from "./crowd.mjs";
import { enumeration } from "./enumeration.mjs";
import { erasure } from "./erasure.mjs";
import { feed } from "./feed.mjs";
import { timeline } from "./p1_timeline.mjs";
import { postsBesideExpiry } from "./p2_beside_expiry.mjs";
import { durablePosts } from "./p2_durable_posts.mjs";
import { postgresPosts } from "./p5_postgres_posts.mjs";
import { loginFlood } from "./p6_login_flood.mjs";
import { size } from "./p8_size.mjs";
import { start } from "./p8_start.mjs";
import { muchAnswered } from "./p9_much_answered.mjs";
import { baseline, candidate } from "./support/binaries.mjs";
import { printHeading, runAlone, runBeside } from "./support/turns.mjs";

const longest = 300_000; // ms that one measurement may take, whatever happens

// Compared with a baseline, too.
const measurements = {
  p1: [timeline],
  p2: [durablePosts, postsBesideExpiry],
  p5: [postgresPosts],
  p6: [loginFlood],
  p8: [start, size],
  p9: muchAnswered,
};
const others = { feed, crowd, enumeration, erasure, client };

const known = Object.keys(baseline ? measurements : { ...measurements, ...others });
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!known.includes(name)) {
    const among = baseline ? "what is compared with a baseline: " : "";
    console.error(`bin/bench: '${name}' is none of ${among}${known.join(", ")}`);
    process.exit(2);
  }
}

async function bounded(name, run) {
  const late = setTimeout(() => {
    console.error(`bin/bench: ${name} takes over ${longest / 1000} s`);
    process.exit(1);
  }, longest);
  try {
    return await run();
  } finally {
    clearTimeout(late);
  }
}

let good = true;
if (baseline) printHeading();
for (const name of known) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (name in others) await bounded(name, others[name]);
  for (const measurement of measurements[name] ?? []) {
    if (baseline) {
      good = (await bounded(name, () => runBeside(baseline, candidate, measurement))) && good;
    } else {
      await bounded(name, () => runAlone(measurement));
    }
  }
}
process.exitCode = good ? 0 : 1;
