// The drill of drill/drill.ts, on each engine, in a size that a test can bear.
import assert from "node:assert/strict";
import { it } from "node:test";
import { Drill } from "./drill/drill.ts";
import { PostgresCluster } from "./support/postgres.ts";
import { engines, Storage } from "./support/storage.ts";

for (const engine of engines) {
  it(`what has ended is found by nobody who has all files, on ${engine}`, async () => {
    const cluster = engine === "postgres" ? new PostgresCluster() : undefined;
    using storage = new Storage(engine, cluster?.folder);
    const said: string[] = [];
    try {
      const drill = new Drill(storage, (sentence) => said.push(sentence), cluster?.data);
      assert(await drill.run({ people: 8, posts: 120 }), said.join("\n"));
    } finally {
      await cluster?.end();
    }
  });
}
