// The edge of the server: small known paths, who may see what, and room for everyone.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { makeAccount } from "./support/accounts.ts";
import { assertProblem, call } from "./support/api.ts";
import { MailServer } from "./support/mail_server.ts";
import { RawClient } from "./support/raw_client.ts";
import { type Server, startServer } from "./support/server.ts";
import { until } from "./support/wait.ts";

async function ask(server: Server, target: string, ...lines: string[]) {
  using client = await RawClient.open(server);
  const head = [`GET ${target} HTTP/1.1`, ...lines, "Connection: close"];
  if (!lines.some((each) => /^host:/i.test(each))) head.splice(1, 0, "Host: localhost");
  client.send(`${head.join("\r\n")}\r\n\r\n`);
  const answer = await client.answer();
  assert(answer, target);
  return answer;
}

describe("the edge of the server", () => {
  let server: Server;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  it("answers the paths that browsers, crawlers and password managers ask for", async () => {
    const robots = await call(server, "GET", "/robots.txt");
    assert.match(robots.headers.get("content-type") ?? "", /^text\/plain/);
    assert.match(robots.text, /^User-agent: \*$/m);
    const icon = await call(server, "GET", "/favicon.ico");
    assert(icon.status === 404 || icon.headers.get("content-type") === "image/png");
    const password = await call(server, "GET", "/.well-known/change-password");
    assert.equal(password.status, 302);
    assert.equal(password.headers.get("location"), "/forgot-password");
  });

  it("gives people the client's page for any path of theirs, and programs a problem for theirs", async () => {
    for (const path of ["/@ada.b", "/x.y", "/@ada", "/anything"]) {
      const answer = await ask(server, path, "Accept: text/html");
      assert.match(answer.headers.get("content-type") ?? "", /^text\/html/, path);
      assert.equal(answer.status, 200, path);
    }
    for (const path of [
      "/api",
      "/api/",
      "/api/nothing",
      "/%61pi/nothing.html",
      "/.well-known/nothing",
      "/eu_Wrong/.well-known/openid-configuration",
      "/assets/gone.js",
    ]) {
      const answer = await ask(server, path, "Accept: text/html");
      assert.equal(answer.status, 404, path);
      assert.equal(JSON.parse(answer.body).errors[0], "path_not_found", path);
    }
  });

  it("compares literal segments decoded, and names exactly the methods that a path has", async () => {
    assert.equal((await ask(server, "/%61pi/activities/h%6fme")).status, 200);
    const nobody = await ask(server, "/api/users/%40nobody");
    assert.equal(JSON.parse(nobody.body).errors[0], "user_not_found");
    const refused = await call(server, "DELETE", "/api/activities/home");
    assertProblem(refused, 405, "method_not_allowed");
    assert.equal(refused.headers.get("allow"), "GET, HEAD, OPTIONS");
  });

  it("reads the media type of a body whole", async () => {
    const { token } = await makeAccount(server);
    const send = (type: string) =>
      call(server, "POST", "/api/activities", {
        token,
        body: JSON.stringify({ message: "typed", ttl: "1-hour" }),
        headers: { "content-type": type },
      });
    assert.equal((await send("Application/JSON; charset=utf-8")).status, 201);
    assertProblem(await send("application/jsonx"), 400, "content_type_invalid");
  });

  it("refuses a header that can be there only once and is repeated", async () => {
    const twice = await ask(server, "/api/health-check", "Origin: http://a", "Origin: http://a");
    assert.equal(twice.status, 400);
    assert.equal(JSON.parse(twice.body).errors[0], "header_repeated");
  });

  it("shows development's pages only to requests that name this server", async () => {
    for (const host of ["localhost:1", "127.0.0.1", "[::1]:80", "LOCALHOST"])
      assert.equal((await ask(server, "/dev/outbox", `Host: ${host}`)).status, 200, host);
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "[::2]"]) {
      const answer = await ask(server, "/dev/outbox", `Host: ${host}`);
      assert.equal(answer.status, 403, host);
      assert.equal(JSON.parse(answer.body).errors[0], "host_forbidden");
    }
  });
});

describe("metrics", () => {
  it("are in production only at their own address or for who bears the token", async () => {
    const mail = await MailServer.start();
    try {
      const production = {
        CRUDDUR_ENV: "production",
        HOST: "127.0.0.1",
        BACKEND_URL: "https://cruddur.example",
        SMTP_URL: mail.url(),
      };
      {
        await using plain = await startServer(production);
        const accept = { accept: "text/html" };
        assertProblem(
          await call(plain, "GET", "/metrics", { headers: accept }),
          404,
          "path_not_found",
        );
        const page = await call(plain, "GET", "/");
        assert.equal(page.headers.get("strict-transport-security"), "max-age=31536000");
      }
      const token = "a-token-of-some-length";
      await using guarded = await startServer({
        ...production,
        METRICS_TOKEN: token,
        METRICS_ADDRESS: "127.0.0.1:0",
      });
      assertProblem(await call(guarded, "GET", "/metrics"), 401, "unauthenticated");
      assertProblem(
        await call(guarded, "GET", "/metrics", { token: `${token}x` }),
        401,
        "unauthenticated",
      );
      assert.match(
        (await call(guarded, "GET", "/metrics", { token })).text,
        /^http_requests_total/m,
      );
      const port = guarded.logged("metrics are read at")[0]?.match(/127\.0\.0\.1:(\d+)/)?.[1];
      const own = await fetch(`http://127.0.0.1:${port}/metrics`);
      assert.match(await own.text(), /^cruddur_open_connections/m);
      assert.equal((await fetch(`http://127.0.0.1:${port}/api/health-check`)).status, 404);
    } finally {
      await mail.stop();
    }
  });
});

describe("room for everyone", () => {
  it("one address has so many connections, and others are still served", async () => {
    await using server = await startServer({
      TRUSTED_PROXIES: "10.9.9.9",
      MAX_CONNECTIONS_PER_ADDRESS: "5",
    });
    const crowd: RawClient[] = [];
    try {
      await until("the address to be full", 5_000, async () => {
        const each = await RawClient.open(server);
        crowd.push(each);
        each.send("GET /api/health-check HTTP/1.1\r\nHost: x\r\n\r\n");
        const answer = await each.answer();
        assert(crowd.length <= 6);
        return answer?.status === 503;
      });
      assert.equal(crowd.length, 6);
      const other = connect({ port: server.port, host: "127.0.0.1", localAddress: "127.0.0.2" });
      let heard = "";
      other.on("data", (part) => (heard += part));
      other.write("GET /api/health-check HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      await until("another address to be answered", 5_000, () => heard.startsWith("HTTP/1.1 200"));
      other.destroy();
    } finally {
      for (const each of crowd) each[Symbol.dispose]();
    }
  });

  it("is said when the system has too few descriptors for it", async () => {
    await using server = await startServer({ MAX_CONNECTIONS: "1000000" });
    assert.equal(server.logged("MAX_CONNECTIONS is more than").length, 1);
  });
});
