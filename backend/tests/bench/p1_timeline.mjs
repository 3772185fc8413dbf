// P1: the signed-in home timeline of 20 posts, beside nginx serving the same bytes from a file.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, report, round } from "./support/figures.mjs";
import { freePort } from "./support/free_port.mjs";
import { makeAccount } from "./support/pool.mjs";
import { cpuMicroseconds, startServer } from "./support/server.mjs";
import { wrk } from "./support/wrk.mjs";

async function startNginx(bytes) {
  const folder = await mkdtemp(join(tmpdir(), "cruddur-nginx-"));
  const port = await freePort();
  await mkdir(join(folder, "www"));
  await writeFile(join(folder, "www/home.json"), bytes);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; worker_processes auto; pid ${folder}/pid; error_log stderr error;
     ${process.getuid() === 0 ? "user root;" : ""}
     events { worker_connections 4096; }
     http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100;
       types { application/json json; } ${paths.join(" ")}
       server { listen 127.0.0.1:${port} reuseport; root ${folder}/www; } }`,
  );
  const child = spawn("nginx", ["-c", join(folder, "nginx.conf"), "-p", folder], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}/home.json`;
  for (let tries = 0; ; tries++) {
    try {
      await fetch(url);
      break;
    } catch (error) {
      if (tries > 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function timeline() {
  const server = await startServer({ LOG_LEVEL: "warning" });
  let nginx;
  try {
    const { token } = await makeAccount(server.url);
    const authorization = `Bearer ${token}`;
    for (let i = 0; i < 30; i++) {
      const message = `Post ${i}: a text of the length that people write, with a #tag and a @mention, in about two lines.`;
      const posted = await fetch(`${server.url}/api/activities`, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify({ message, ttl: "1-day" }),
      });
      const { uuid } = await posted.json();
      if (i % 3 === 0)
        await fetch(`${server.url}/api/activities/${uuid}/like`, {
          method: "PUT",
          headers: { authorization },
        });
    }
    const url = `${server.url}/api/activities/home`;
    const bytes = await (await fetch(url, { headers: { authorization } })).text();
    nginx = await startNginx(bytes);

    const ratios = [];
    const ours = [];
    let cpu = 0;
    let requests = 0;
    await wrk(url, { seconds: 1, headers: { authorization } });
    await wrk(nginx.url, { seconds: 1, headers: { authorization } });
    for (let turn = 0; turn < 5; turn++) {
      const before = await cpuMicroseconds(server.pid);
      const mine = await wrk(url, { seconds: 3, headers: { authorization } });
      cpu += (await cpuMicroseconds(server.pid)) - before;
      requests += mine.requests;
      const theirs = await wrk(nginx.url, { seconds: 3, headers: { authorization } });
      ours.push(mine.perSecond);
      ratios.push(mine.perSecond / theirs.perSecond);
    }
    const ratio = round(median(ratios));
    report(
      "P1",
      `home timeline, signed in, ${bytes.length} B: requests/s ÷ nginx`,
      ratio,
      "≥ 1.0",
      ratio >= 1,
    );
    report(
      "",
      "  requests/s (64 connections, load on the same machine)",
      Math.round(median(ours)),
      "",
    );
    report("", "  server CPU per request", `${round(cpu / requests, 1)} µs`, "");
  } finally {
    await nginx?.stop();
    await server.stop();
  }
}
