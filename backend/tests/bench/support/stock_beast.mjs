// A server of Boost.Beast without any tuning (stock_beast.cpp), answering with some bytes.
import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownChild, ownFolder } from "./endings.mjs";
import { answers, freePort } from "./free_port.mjs";

const program = new URL("../../../../build/release/bench_stock_beast", import.meta.url).pathname;

export async function startStockBeast(bytes) {
  const folder = await mkdtemp(join(tmpdir(), "cruddur-beast-"));
  const removeFolder = ownFolder(folder);
  const file = join(folder, "content");
  await writeFile(file, bytes);
  const port = await freePort();
  const child = spawn(program, [String(port), file], { stdio: ["ignore", "ignore", "inherit"] });
  const end = ownChild(child);
  const url = `http://127.0.0.1:${port}/`;
  await answers(url);
  return {
    url,
    pid: child.pid,
    async stop() {
      await end();
      await removeFolder();
    },
  };
}
