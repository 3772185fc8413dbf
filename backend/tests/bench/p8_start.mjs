// P8: cold start to the first answer, and idle memory.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownFolder } from "./support/endings.mjs";
import { median, report, round } from "./support/figures.mjs";
import { makeAccount } from "./support/pool.mjs";
import { residentMegabytes, startServer } from "./support/server.mjs";

async function begin(binary) {
  const dataDir = await mkdtemp(join(tmpdir(), "cruddur-bench-"));
  const stop = ownFolder(dataDir);
  const first = await startServer({}, { binary, dataDir });
  await makeAccount(first.url);
  await first.stop();
  return {
    async turn() {
      const fresh = await startServer({ LOG_LEVEL: "warning" }, { binary });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const idle = await residentMegabytes(fresh.pid);
      await fresh.stop();
      const again = await startServer({ LOG_LEVEL: "warning" }, { binary, dataDir });
      await again.stop();
      return { first: fresh.startedInMs, again: again.startedInMs, idle };
    },
    stop,
  };
}

function print(turns) {
  const of = (name) => median(turns.map((each) => each[name]));
  const cold = round(of("again"), 0);
  report("P8", "start to first answer", `${cold} ms`, "≤ 100 ms", cold <= 100);
  const very = "  the very first start (makes database and signing key)";
  report("", very, `${round(of("first"), 0)} ms`, "");
  const idle = round(of("idle"), 1);
  report("", "  resident memory, idle", `${idle} MiB`, "≤ 64 MiB", idle <= 64);
}

export const start = {
  id: "P8",
  what: "start and idle memory",
  alone: { turns: 5 },
  beside: { turns: 7 },
  start: begin,
  print,
  figures: {
    again: { what: "start to first answer, ms", better: "less" },
    first: { what: "the very first start, ms", better: "less" },
    idle: { what: "resident memory, idle, MiB", better: "less" },
  },
};
