// The web client of the release binary, measured in Chromium by frontend/tests/figures/.
import { spawn } from "node:child_process";
import { once } from "node:events";

const main = new URL("../../../frontend/tests/figures/main.ts", import.meta.url).pathname;
const binary = new URL("../../../build/release/cruddur", import.meta.url).pathname;

export async function client() {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, CRUDDUR_BINARY: binary },
    stdio: "inherit",
  });
  const [status] = await once(child, "exit");
  if (status !== 0) throw new Error("the client was not measured");
}
