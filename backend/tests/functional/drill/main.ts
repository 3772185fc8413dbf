// The drill by hand: bin/erasure-drill [sqlite|postgres] [POSTS].
import { PostgresCluster } from "../support/postgres.ts";
import { type Engine, engines, Storage } from "../support/storage.ts";
import { Drill } from "./drill.ts";

const [engine = "sqlite", posts = "600"] = process.argv.slice(2);
if (!engines.includes(engine as Engine) || !/^[1-9]\d{0,4}$/.test(posts)) {
  console.error("bin/erasure-drill [sqlite|postgres] [POSTS]: an engine, and up to 99999 posts");
  process.exit(2);
}
const cluster = engine === "postgres" ? new PostgresCluster() : undefined;
let good = false;
{
  using storage = new Storage(engine as Engine, cluster?.folder);
  const drill = new Drill(storage, (sentence) => console.log(sentence), cluster?.data);
  good = await drill.run({ people: 24, posts: Number(posts) });
}
await cluster?.end();
console.log(good ? "Nothing that has ended was found." : "Something was found that should not be.");
process.exit(good ? 0 : 1);
