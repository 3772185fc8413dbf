// The web client of the release binary, measured in Chromium by frontend/tests/figures/.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { candidate } from "./support/binaries.mjs";
import { atExit } from "./support/endings.mjs";

const main = new URL("../../../frontend/tests/figures/main.ts", import.meta.url).pathname;

export async function client() {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, CRUDDUR_BINARY: candidate.path },
    stdio: "inherit",
  });
  const cancel = atExit(() => child.kill("SIGTERM"));
  const [status] = await once(child, "exit");
  cancel();
  if (status !== 0) throw new Error("the client was not measured");
}
