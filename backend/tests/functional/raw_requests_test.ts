// Requests that no HTTP client would send: smuggling, traversal, slow senders.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { makeAccount } from "./support/accounts.ts";
import { call } from "./support/api.ts";
import { assertHarmless } from "./support/harmless.ts";
import { type RawAnswer, RawClient } from "./support/raw_client.ts";
import { type Server, startServer } from "./support/server.ts";
import { sleep, timed, until } from "./support/wait.ts";

const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
// To a route whose body anybody may send.
const openHead = "POST /cognito-idp/ HTTP/1.1\r\nHost: x\r\n";
const postHead = "POST /api/activities HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

// Each is refused, and nothing after it on the connection is taken for a request.
const ambiguous: Record<string, string> = {
  "a length and chunks": `${postHead}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  "chunks and a length": `${postHead}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`,
  "two lengths": `${postHead}Content-Length: 0\r\nContent-Length: 37\r\n\r\n${smuggled}`,
  "the same length twice": `${postHead}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}${smuggled}`,
  "a list of lengths": `${postHead}Content-Length: 0, 37\r\n\r\n${smuggled}`,
  "a negative length": `${postHead}Content-Length: -1\r\n\r\n${smuggled}`,
  "a length with a sign": `${postHead}Content-Length: +0\r\n\r\n${smuggled}`,
  "a hexadecimal length": `${postHead}Content-Length: 0x0\r\n\r\n${smuggled}`,
  "an empty length": `${postHead}Content-Length:\r\n\r\n${smuggled}`,
  "a length past 64 bits": `${postHead}Content-Length: 18446744073709551616\r\n\r\n${smuggled}`,
  "chunked twice": `${postHead}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  "chunked in HTTP/1.0": `${postHead.replace("1.1", "1.0")}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  "a space before the colon": `${postHead}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  "a folded line": `${postHead}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  "a folded value": `GET /api/health-check HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n${smuggled}`,
  "a bare line feed": `GET /api/health-check HTTP/1.1\nHost: x\n\n${smuggled}`,
  "a bare carriage return": `GET /api/health-check HTTP/1.1\r\nHost: x\r\nX-A: b\rContent-Length: 9\r\n\r\n${smuggled}`,
  "a null byte in a header": `GET /api/health-check HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n${smuggled}`,
  "a header without a colon": `GET /api/health-check HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n${smuggled}`,
  "a header without a name": `GET /api/health-check HTTP/1.1\r\nHost: x\r\n: value\r\n\r\n${smuggled}`,
  "no host": `GET /api/health-check HTTP/1.1\r\n\r\n${smuggled}`,
  "two hosts": `GET /api/health-check HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${smuggled}`,
  "a host that is none": `GET /api/health-check HTTP/1.1\r\nHost: a/b@c\r\n\r\n${smuggled}`,
  "a chunk size that is none": `${postHead}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n${smuggled}`,
  "a negative chunk size": `${postHead}Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n${smuggled}`,
  "a chunk size past 64 bits": `${postHead}Transfer-Encoding: chunked\r\n\r\n${"F".repeat(17)}\r\n{}\r\n0\r\n\r\n${smuggled}`,
  "a chunk longer than it says": `${postHead}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n${smuggled}`,
  "a chunk line without end": `${postHead}Transfer-Encoding: chunked\r\n\r\n2;${"x".repeat(40_000)}\r\n{}\r\n0\r\n\r\n`,
  "an extension without a name": `${postHead}Transfer-Encoding: chunked\r\n\r\n2;\r\n{}\r\n0\r\n\r\n${smuggled}`,
  "an extension whose quote stays open": `${postHead}Transfer-Encoding: chunked\r\n\r\n2;a="b\r\n{}\r\n0\r\n\r\n${smuggled}`,
  "an extension that is no token": `${postHead}Transfer-Encoding: chunked\r\n\r\n2;{}@\r\n{}\r\n0\r\n\r\n${smuggled}`,
  "a trailer like a request": `${postHead}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n${smuggled}`,
  "a folded trailer": `${postHead}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n z\r\n\r\n${smuggled}`,
  "two types of content": `${postHead}Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}${smuggled}`,
  "another transfer coding": `${postHead}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  "a coding after chunked": `${postHead}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
  "a coding like chunked": `${postHead}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
  "chunked in quotes": `${postHead}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n${smuggled}`,
  "HTTP/2 without asking": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "HTTP/3.1": `GET / HTTP/3.1\r\nHost: x\r\n\r\n${smuggled}`,
  "HTTP/0.9": "GET /api/health-check\r\n\r\n",
  "no version": `GET /api/health-check HTTP\r\nHost: x\r\n\r\n${smuggled}`,
  "two spaces": `GET  /api/health-check HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`,
  "a tab in the request line": `GET\t/api/health-check\tHTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`,
  "a path without a slash": `GET api/health-check HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`,
  "a fragment": `GET /api/health-check#x HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`,
  "raw UTF-8 in the path": `GET /\xf0\x9f\xa6\x86 HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`,
  "a percent sign alone": `GET /100% HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`,
  "an escaped null": `GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`,
  "a target that is too long": `GET /${"a".repeat(5_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  "headers that are too large": `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(20_000)}\r\n\r\n`,
  "thousands of headers": `GET / HTTP/1.1\r\nHost: x\r\n${"a:b\r\n".repeat(5_000)}\r\n`,
  "an unknown expectation": `${postHead}Expect: miracles\r\nContent-Length: 2\r\n\r\n{}`,
  "TLS on the plain port": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03abcdefgh\r\n\r\n",
  noise: `${"\x01\x02\xff\x80".repeat(200)}\r\n\r\n`,
};

describe("raw requests", () => {
  let server: Server;

  before(async () => {
    server = await startServer();
  });
  after(async () => {
    await server.stop();
    assert.deepEqual(server.logged(" error ").slice(0, 3), [], "nothing went wrong inside");
  });

  const asAnswer = (raw: RawAnswer) => ({
    status: raw.status,
    headers: new Headers([...raw.headers]),
    text: raw.body,
  });

  async function assertRefusedAlone(name: string, request: string): Promise<void> {
    using client = await RawClient.open(server);
    client.send(request);
    const answer = await client.answer();
    assert(answer, `${name}: no answer`);
    assertHarmless(name, asAnswer(answer));
    assert.equal(answer.headers.get("connection")?.toLowerCase(), "close", name);
    await client.closed(5_000);
    assert(!client.received.includes("HTTP/1.1"), `${name}: a second answer: ${client.received}`);
  }

  it("ambiguous and malformed requests are refused, and end the connection", async () => {
    for (const [name, request] of Object.entries(ambiguous))
      await assertRefusedAlone(name, request);
    assert.equal(server.logged("/smuggled").length, 0);
  });

  it("an absolute target counts instead of the Host header", async () => {
    using client = await RawClient.open(server);
    client.send("GET http://cruddur.test/api/health-check HTTP/1.1\r\nHost: elsewhere\r\n\r\n");
    assert.equal((await client.answer())?.status, 200);
  });

  it("methods that nothing serves are refused and keep the connection", async () => {
    using client = await RawClient.open(server);
    for (const method of ["BREW", "TRACE", "PROPFIND", "get", "M-SEARCH"]) {
      client.send(`${method} /api/health-check HTTP/1.1\r\nHost: x\r\n\r\n`);
      const answer = await client.answer();
      if (!answer) return assert.equal(method, "get", "closed");
      assertHarmless(method, asAnswer(answer));
      if (answer.headers.get("connection")?.toLowerCase() === "close") return;
    }
  });

  it("pipelined requests are answered in order, chunked ones among them", async () => {
    const { token } = await makeAccount(server);
    const body = JSON.stringify({ message: "in pieces", ttl: "1-hour" });
    const chunked = [...body].map((each) => `1\r\n${each}\r\n`).join("");
    const create = `${postHead}Authorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}0\r\nX-Trailer: x\r\n\r\n`;
    const read = "GET /api/health-check HTTP/1.1\r\nHost: x\r\n\r\n";
    const missing = "GET /api/users/@nobody HTTP/1.1\r\nHost: x\r\n\r\n";
    using client = await RawClient.open(server);
    client.send((read + create + missing).repeat(10));
    const statuses: (number | undefined)[] = [];
    for (let i = 0; i < 30; ++i) statuses.push((await client.answer())?.status);
    assert.deepEqual(statuses, Array.from({ length: 10 }, () => [200, 201, 404]).flat());
  });

  it("no path reaches a file outside the web client", async () => {
    const paths = [
      "/../../../../etc/passwd",
      "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
      "/..%2f..%2f..%2fetc%2fpasswd",
      "/..%5c..%5cetc%5cpasswd",
      "/%252e%252e%252fetc/passwd",
      "//etc/passwd",
      "///etc/passwd",
      "/./././etc/passwd",
      "/assets/../../../etc/passwd",
      "/assets/%2e%2e/%2e%2e/cruddur.db",
      "/cruddur.db",
      "/secrets/user_pool.key",
      "/../secrets/user_pool.key",
      "/.git/config",
      "/.env",
      "/..",
      "/%2e",
      "/assets/..;/..;/etc/passwd",
      "/\\..\\..\\etc\\passwd",
      "/etc/passwd%00.html",
      "/api/../dev/outbox",
      "/index.html/../../../etc/passwd",
      "/%c0%ae%c0%ae/etc/passwd",
      "/....//....//etc/passwd",
      "/proc/self/environ",
    ];
    for (const path of paths) {
      for (const method of ["GET", "HEAD"]) {
        using client = await RawClient.open(server);
        client.send(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        const answer = await client.answer(5_000, method === "GET");
        assert(answer, path);
        const isClient =
          answer.status === 200 && answer.headers.get("content-type")?.startsWith("text/html");
        assert(
          (answer.status >= 400 && answer.status < 500) || isClient,
          `${path}: ${answer.status}`,
        );
        assert.doesNotMatch(answer.body, /root:x?:0|SQLite format|PATH=|\[core\]/, path);
      }
    }
  });

  it("slow senders are told 408 and dropped, and hold nobody else up", {
    timeout: 60_000,
  }, async () => {
    const trickle = async (start: string, drip: string, everyMs: number, withinMs: number) => {
      using client = await RawClient.open(server);
      client.send(start);
      const dripping = setInterval(() => client.send(drip), everyMs);
      try {
        const [answer, took] = await timed(() => client.answer(withinMs));
        assert(answer, "told before it is dropped");
        assertHarmless("a slow sender", asAnswer(answer));
        assert.equal(answer.status, 408);
        assert.equal(JSON.parse(answer.body).errors[0], "request_timeout");
        await client.closed(5_000);
        return took;
      } finally {
        clearInterval(dripping);
      }
    };
    const crowd = await Promise.all(Array.from({ length: 200 }, () => RawClient.open(server)));
    try {
      for (const each of crowd) each.send("GET / HTTP/1.1\r\nHost: x\r\nX-");
      const slow = Promise.all([
        trickle("GET /api/health-check HTTP/1.1\r\nHost: x\r\n", "X", 400, 15_000),
        trickle("G", "", 1_000, 15_000),
        trickle(`${openHead}Content-Length: 1000\r\n\r\n{`, " ", 400, 27_000),
        trickle(`${openHead}Transfer-Encoding: chunked\r\n\r\n`, "1\r\n \r\n", 400, 27_000),
      ]);
      let slowest = 0;
      let over = false;
      const reading = (async () => {
        while (!over) {
          const [answer, took] = await timed(() => call(server, "GET", "/api/activities/home"));
          assert.equal(answer.status, 200);
          slowest = Math.max(slowest, took);
          await sleep(50);
        }
      })();
      const [inHead, afterOneByte, inBody, inChunks] = await slow.finally(() => (over = true));
      await reading;
      assert(inHead > 8 && inHead < 13, `headers: ${inHead} s`);
      assert(afterOneByte > 8 && afterOneByte < 13, `first byte: ${afterOneByte} s`);
      assert(inBody > 17 && inBody < 25, `body: ${inBody} s`);
      assert(inChunks > 17 && inChunks < 25, `chunks: ${inChunks} s`);
      assert(slowest < 2, `somebody else waited ${slowest} s`);
      await until("the crowd to be dropped", 5_000, () => crowd.every((each) => each.isClosed));
    } finally {
      for (const each of crowd) each[Symbol.dispose]();
    }
  });

  it("peers that vanish in the middle of anything do no harm", async () => {
    const cuts = [
      "",
      "G",
      "GET / HTTP/1.1\r\n",
      `${postHead}Content-Length: 100\r\n\r\n{"mess`,
      `${postHead}Transfer-Encoding: chunked\r\n\r\n5\r\nab`,
    ];
    for (const cut of cuts) {
      for (const how of ["end", "reset"] as const) {
        const client = await RawClient.open(server);
        client.send(cut);
        if (how === "end") client.socket.end();
        else client.socket.resetAndDestroy();
        await client.closed(5_000);
      }
    }
    assert.equal((await call(server, "GET", "/api/health-check")).status, 200);
  });
});
