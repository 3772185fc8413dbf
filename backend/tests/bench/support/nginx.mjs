// nginx, serving some bytes from a file.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownChild, ownFolder } from "./endings.mjs";
import { answers, freePort } from "./free_port.mjs";

export async function startNginx(bytes) {
  const folder = await mkdtemp(join(tmpdir(), "cruddur-nginx-"));
  const removeFolder = ownFolder(folder);
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
  const end = ownChild(child);
  const url = `http://127.0.0.1:${port}/home.json`;
  await answers(url);
  return {
    url,
    async stop() {
      await end();
      await removeFolder();
    },
  };
}
