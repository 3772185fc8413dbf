// Prints the figures of docs/performance.md, each beside its goal.
// Usage: bin/bench [p1 p2 p5 p6 p8 p9 crowd enumeration client]
import { client } from "./client.mjs";
import { crowd } from "./crowd.mjs";
import { enumeration } from "./enumeration.mjs";
import { timeline } from "./p1_timeline.mjs";
import { postsBesideExpiry } from "./p2_beside_expiry.mjs";
import { durablePosts } from "./p2_durable_posts.mjs";
import { postgresPosts } from "./p5_postgres_posts.mjs";
import { loginFlood } from "./p6_login_flood.mjs";
import { startAndSize } from "./p8_start_and_size.mjs";
import { muchAnswered } from "./p9_much_answered.mjs";

const all = {
  p1: timeline,
  p2: async () => {
    await durablePosts();
    await postsBesideExpiry();
  },
  p5: postgresPosts,
  p6: loginFlood,
  p8: startAndSize,
  p9: muchAnswered,
  crowd,
  enumeration,
  client,
};
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in all)) {
    console.error(`bin/bench: '${name}' is none of ${Object.keys(all).join(", ")}`);
    process.exit(2);
  }
}
for (const [name, run] of Object.entries(all)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
