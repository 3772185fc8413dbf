// Runs wrk and reads what it prints.
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { atExit, ownFolder } from "./endings.mjs";

const run = promisify(execFile);
const unit = { us: 1, ms: 1e3, s: 1e6, m: 6e7 };

// Load for `seconds` over `connections`. `script` is Lua; `headers` go with each request; `nice` is
// wrk's. The p99 is in microseconds; `printed` is all that wrk and the script printed.
export async function wrk(
  url,
  { connections = 64, seconds = 4, threads = 1, headers = {}, script, nice = 0 } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "cruddur-wrk-"));
  const removeFolder = ownFolder(folder);
  try {
    const args = [
      `-t${threads}`,
      `-c${connections}`,
      `-d${seconds}s`,
      "--latency",
      "--timeout",
      "10s",
    ];
    for (const [name, value] of Object.entries(headers)) args.push("-H", `${name}: ${value}`);
    if (script) {
      await writeFile(join(folder, "script.lua"), script);
      args.push("-s", join(folder, "script.lua"));
    }
    const running = run("nice", ["-n", String(nice), "wrk", ...args, url]);
    const cancel = atExit(() => running.child.kill("SIGKILL"));
    const { stdout } = await running.finally(cancel);
    const p99 = /99%\s+([\d.]+)(us|ms|s|m)/.exec(stdout);
    const errors = /Non-2xx or 3xx responses: (\d+)/.exec(stdout);
    const lost = /Socket errors: (.*)/.exec(stdout);
    if (lost && !/connect 0, read 0, write 0, timeout 0/.test(lost[1]))
      throw new Error(`wrk: ${lost[1]}`);
    return {
      perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]),
      requests: Number(/(\d+) requests in/.exec(stdout)[1]),
      p99: Number(p99[1]) * unit[p99[2]],
      refused: errors ? Number(errors[1]) : 0,
      printed: stdout,
    };
  } finally {
    await removeFolder();
  }
}

// A Lua script that posts a different text each time, as the bearer of one of the tokens in turn.
export function postScript(tokens) {
  return `
local tokens = { ${tokens.map((token) => JSON.stringify(token)).join(", ")} }
local n = 0
function request()
  n = n + 1
  local headers = { ["content-type"] = "application/json", ["authorization"] = "Bearer " .. tokens[n % #tokens + 1] }
  return wrk.format("POST", "/api/activities", headers, '{"ttl":"1-day","message":"benchmark post number ' .. n .. ' #bench"}')
end
`;
}
