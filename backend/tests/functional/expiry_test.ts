import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Account, makeAccounts, pool, poolOk } from "./support/accounts.ts";
import {
  type Answer,
  advanceClock,
  type CallOptions,
  call,
  expect,
  metric,
  post,
  readAll,
  reply,
} from "./support/api.ts";
import { operationName, operations } from "./support/contract.ts";
import { type Server, startServer } from "./support/server.ts";
import { engines, filesWith, Storage } from "./support/storage.ts";
import { eachAtOnce, until } from "./support/wait.ts";

interface Expired {
  uuid: string;
  author: Account;
  reader: Account;
  marker: string; // in its text, and nowhere else
  key: string; // that it was posted with
}

interface Visit {
  path: string;
  options?: CallOptions;
  outcome: "gone" | "not shown";
}

// What each route of the contract must say of an expired post. A route that is not here fails the test.
const visits: Record<string, (of: Expired) => Visit> = {
  "GET /api/activities/home": () => ({
    path: "/api/activities/home?limit=100",
    outcome: "not shown",
  }),
  "GET /api/activities/@{handle}": ({ author }) => ({
    path: `/api/activities/@${author.handle}`,
    outcome: "not shown",
  }),
  "POST /api/activities": ({ author, marker, key }) => ({
    path: "/api/activities",
    // The request that made it, sent once more, must not bring it back to light.
    options: {
      token: author.token,
      json: { message: `again, not ${marker.length}`, ttl: "1-hour" },
      headers: { "idempotency-key": key },
    },
    outcome: "gone",
  }),
  "GET /api/activities/{uuid}": ({ uuid }) => ({
    path: `/api/activities/${uuid}`,
    outcome: "gone",
  }),
  "DELETE /api/activities/{uuid}": ({ uuid, author }) => ({
    path: `/api/activities/${uuid}`,
    options: { token: author.token },
    outcome: "gone",
  }),
  "GET /api/activities/@{handle}/status/{uuid}": ({ uuid, author }) => ({
    path: `/api/activities/@${author.handle}/status/${uuid}`,
    outcome: "gone",
  }),
  "POST /api/activities/{uuid}/reply": ({ uuid, reader }) => ({
    path: `/api/activities/${uuid}/reply`,
    options: { token: reader.token, json: { message: "too late" } },
    outcome: "gone",
  }),
  "PUT /api/activities/{uuid}/like": ({ uuid, reader }) => ({
    path: `/api/activities/${uuid}/like`,
    options: { token: reader.token },
    outcome: "gone",
  }),
  "DELETE /api/activities/{uuid}/like": ({ uuid, reader }) => ({
    path: `/api/activities/${uuid}/like`,
    options: { token: reader.token },
    outcome: "gone",
  }),
  "POST /api/activities/{uuid}/like": ({ uuid, reader }) => ({
    path: `/api/activities/${uuid}/like`,
    options: { token: reader.token },
    outcome: "gone",
  }),
  "GET /api/users/@{handle}": ({ author }) => ({
    path: `/api/users/@${author.handle}`,
    outcome: "not shown",
  }),
  "GET /api/users/@{handle}/short": ({ author }) => ({
    path: `/api/users/@${author.handle}/short`,
    outcome: "not shown",
  }),
  "GET /api/profile/me": ({ author }) => ({
    path: "/api/profile/me",
    options: { token: author.token },
    outcome: "not shown",
  }),
  "POST /cognito-idp/": ({ author }) => ({
    path: "/cognito-idp/",
    options: {
      json: { AccessToken: author.token },
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSCognitoIdentityProviderService.GetUser",
      },
    },
    outcome: "not shown",
  }),
  "GET /{pool_id}/.well-known/jwks.json": () => ({
    path: "/local_Cruddur/.well-known/jwks.json",
    outcome: "not shown",
  }),
  "GET /{pool_id}/.well-known/openid-configuration": () => ({
    path: "/local_Cruddur/.well-known/openid-configuration",
    outcome: "not shown",
  }),
  "GET /favicon.ico": () => ({ path: "/favicon.ico", outcome: "not shown" }),
  "GET /robots.txt": () => ({ path: "/robots.txt", outcome: "not shown" }),
  "GET /.well-known/change-password": () => ({
    path: "/.well-known/change-password",
    outcome: "not shown",
  }),
  "GET /api/health-check": () => ({ path: "/api/health-check", outcome: "not shown" }),
  "GET /metrics": () => ({ path: "/metrics", outcome: "not shown" }),
  "GET /config.json": () => ({ path: "/config.json", outcome: "not shown" }),
  "GET /dev/outbox": () => ({ path: "/dev/outbox", outcome: "not shown" }),
  "POST /dev/clock": () => ({
    path: "/dev/clock",
    options: { json: { advance_seconds: 0 } },
    outcome: "not shown",
  }),
  // Files that are made with the program and know no post.
  "GET /api/openapi.json": () => ({ path: "/api/openapi.json", outcome: "not shown" }),
  "GET /api/docs": () => ({ path: "/api/docs", outcome: "not shown" }),
  "GET /api/docs.css": () => ({ path: "/api/docs.css", outcome: "not shown" }),
};

function assertVisit(name: string, answer: Answer, outcome: Visit["outcome"], of: Expired): void {
  const said = `${name}: ${answer.status} ${answer.text}`;
  assert(!answer.text.includes(of.marker), `its text is told: ${said}`);
  if (outcome === "gone") {
    assert(answer.status === 410 || answer.status === 404, said);
    assert.match(answer.json.errors[0], /^activity_(expired|not_found)$/, said);
  } else {
    assert(!answer.text.includes(of.uuid), `it is listed: ${said}`);
    assert(answer.status < 500, said);
  }
}

for (const engine of engines) {
  describe(`expiry on ${engine}`, () => {
    let storage: Storage;
    let server: Server;
    let ada: Account;
    let grace: Account;

    before(async () => {
      storage = new Storage(engine);
      server = await startServer({
        ...storage.settings,
        CLOCK_MOVABLE: "true",
        ACCESS_TOKEN_LIFETIME: "1440",
      });
      [ada, grace] = (await makeAccounts(server, 2)) as [Account, Account];
    });
    after(async () => {
      await server.stop();
      storage[Symbol.dispose]();
    });

    const makeMarker = () => `marker-${randomUUID()}`;
    const isOneOf = (column: string, uuids: string[]) =>
      engine === "sqlite"
        ? `lower(hex(${column})) IN (${uuids.map((uuid) => `'${uuid.replaceAll("-", "")}'`)})`
        : `${column} IN (${uuids.map((uuid) => `'${uuid}'`)})`;
    const rowsOf = (table: string, column: string, ...uuids: string[]) =>
      storage.count(table, isOneOf(column, uuids));
    const untilSwept = (uuid: string) =>
      until("the sweep", 5_000, () => rowsOf("activities", "uuid", uuid) === 0);
    const untilForgotten = async (marker: string) => {
      if (engine !== "sqlite") return;
      await until(
        "its text to leave the files",
        5_000,
        () => filesWith(storage.dataDir, marker).length === 0,
      );
    };

    it("an expired post, and a reply to it, is gone from every route at once, and stays so after the sweep", async () => {
      const key = randomUUID();
      const marker = makeMarker();
      const root = await post(server, ada.token, `${marker} #${marker.slice(7, 15)}`, "1-hour", {
        "idempotency-key": key,
      });
      const answer = await reply(server, grace.token, root.uuid, `${marker} too`, {
        "idempotency-key": key,
      });
      const nested = await reply(server, ada.token, answer.uuid, `${marker} as well`);
      await expect(200, server, "PUT", `/api/activities/${root.uuid}/like`, { token: grace.token });
      if (engine === "sqlite") {
        assert.notDeepEqual(filesWith(storage.dataDir, "signing-key"), [], "the search finds text");
        for (const text of [marker, ada.email, ada.handle, ada.name])
          assert.deepEqual(filesWith(storage.dataDir, text), [], text);
      }

      const about = (uuid: string, author: Account) => ({
        uuid,
        author,
        reader: grace,
        marker,
        key,
      });
      const all = [about(root.uuid, ada), about(answer.uuid, grace), about(nested.uuid, ada)];
      const walk = async () => {
        for (const operation of operations) {
          const name = operationName(operation);
          const visit = visits[name];
          assert(visit, `${name} is a new route: say above what it answers for an expired post`);
          for (const of of all) {
            const { path, options = {}, outcome } = visit(of);
            const tokens =
              options.token || path === "/cognito-idp/"
                ? [options.token]
                : [undefined, ada.token, grace.token];
            for (const token of tokens) {
              assertVisit(
                name,
                await call(server, operation.method, path, { ...options, token }),
                outcome,
                of,
              );
            }
          }
        }
      };
      await advanceClock(server, 3600);
      await walk();
      await untilSwept(root.uuid);
      await walk();
      for (const { uuid } of all) assert.equal(rowsOf("activities", "uuid", uuid), 0);
      assert.equal(rowsOf("likes", "activity_uuid", root.uuid), 0);
      await untilForgotten(marker);
    });

    it("a cached home page does not outlive what is on it", async () => {
      const { uuid } = await post(server, ada.token, "cached until it ends");
      const page = await expect(200, server, "GET", "/api/activities/home", { token: grace.token });
      assert(page.text.includes(uuid));
      const etag = page.headers.get("etag") ?? "";
      await advanceClock(server, 3600);
      const later = await call(server, "GET", "/api/activities/home", {
        token: grace.token,
        headers: { "if-none-match": etag },
      });
      assert.equal(later.status, 200);
      assert(!later.text.includes(uuid));
    });

    it("a post that expires while it is read, liked and answered gives success before and 410 or 404 after", async () => {
      const marker = makeMarker();
      const root = await post(server, ada.token, marker);
      const ends = Date.parse(root.expires_at);
      const now = Number(
        (await call(server, "GET", "/api/health-check")).headers.get("x-server-time"),
      );
      await advanceClock(server, Math.floor((ends - now) / 1000) - 1);

      let seenTime = 0; // the latest server time that any answer told
      let before = 0;
      let after = 0;
      const one = `/api/activities/${root.uuid}`;
      const work: [string, string, CallOptions][] = [
        ["GET", one, {}],
        ["GET", one, { token: grace.token }],
        ["GET", `/api/activities/@${ada.handle}/status/${root.uuid}`, {}],
        ["PUT", `${one}/like`, { token: grace.token }],
        ["DELETE", `${one}/like`, { token: grace.token }],
        ["POST", `${one}/like`, { token: ada.token }],
        ["POST", `${one}/reply`, { token: grace.token, json: { message: `${marker} replied` } }],
        ["GET", "/api/activities/home", { token: grace.token }],
        ["GET", `/api/activities/@${ada.handle}`, {}],
      ];
      const end = Date.now() + 3_500;
      await eachAtOnce([...work, ...work], work.length * 2, async ([method, path, options]) => {
        const isList = path.includes("home") || path.endsWith(ada.handle);
        while (Date.now() < end) {
          const mustBeGone = seenTime >= ends;
          const answer = await call(server, method, path, options);
          const time = Number(answer.headers.get("x-server-time"));
          seenTime = Math.max(seenTime, time);
          const said = `${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`;
          if (isList) {
            assert.equal(answer.status, 200, said);
            if (mustBeGone)
              assert(!answer.text.includes(root.uuid), `listed after its end: ${said}`);
            continue;
          }
          const gone = answer.status === 410 || answer.status === 404;
          assert(gone || answer.status === 200 || answer.status === 201, said);
          if (gone) assert(time >= ends, `gone before its end: ${said}`);
          if (mustBeGone) assert(gone, `there after its end: ${said}`);
          if (gone) ++after;
          else ++before;
        }
      });
      assert(before > 20 && after > 20, `${before} answers before its end and ${after} after`);
      await untilSwept(root.uuid);
      assert.equal(rowsOf("activities", "root_uuid", root.uuid), 0);
      assert.equal(rowsOf("likes", "activity_uuid", root.uuid), 0);
      await untilForgotten(marker);
      assert((await metric(server, "expiry_lag_seconds")) < 1);
    });

    it("each lifetime ends at its own time", async () => {
      const long = await post(server, ada.token, "long", "12-hours");
      const short = await post(server, ada.token, "short", "1-hour");
      await advanceClock(server, 3 * 3600);
      const home = (await readAll(server, "/api/activities/home")).map((each) => each.uuid);
      assert(home.includes(long.uuid) && !home.includes(short.uuid));
      assert.equal((await call(server, "GET", `/api/activities/${short.uuid}`)).status, 410);
      assert.equal((await call(server, "GET", `/api/activities/${long.uuid}`)).status, 200);
    });

    it("many posts that end together are all swept, in time", async () => {
      const made = await eachAtOnce(
        Array.from({ length: 450 }, (_, i) => i),
        64,
        (i) => post(server, ada.token, `crowd ${i}`),
      );
      const last = made.at(-1);
      assert(last);
      await advanceClock(server, 3600);
      await until(
        "the sweep of all",
        8_000,
        () => rowsOf("activities", "uuid", ...made.map(({ uuid }) => uuid)) === 0,
      );
      assert(
        !(await readAll(server, "/api/activities/home")).some((each) =>
          each.message.startsWith("crowd"),
        ),
      );
      assert((await metric(server, "cruddur_expired_posts_total")) >= 450);
    });

    it("a deleted post leaves no text in the files, and neither does a deleted account", async () => {
      const [marker, kept, owned] = [makeMarker(), makeMarker(), makeMarker()];
      const alone = await post(server, ada.token, marker);
      const answered = await post(server, ada.token, kept);
      assert.deepEqual(filesWith(storage.dataDir, marker), [], "no text in the files ever");
      await reply(server, grace.token, answered.uuid, "an answer");
      await expect(204, server, "DELETE", `/api/activities/${alone.uuid}`, { token: ada.token });
      await expect(204, server, "DELETE", `/api/activities/${answered.uuid}`, { token: ada.token });
      assert.equal(rowsOf("activities", "uuid", alone.uuid), 0);
      await untilForgotten(marker);
      await untilForgotten(kept);

      const [leaver] = (await makeAccounts(server, 1)) as [Account];
      const { uuid } = await post(server, leaver.token, owned);
      await poolOk(server, "DeleteUser", { AccessToken: leaver.token });
      assert.equal((await call(server, "GET", `/api/activities/${uuid}`)).status, 410);
      await untilForgotten(owned);
      await untilForgotten(leaver.email);
      assert.equal(
        (await pool(server, "GetUser", { AccessToken: leaver.token })).json.__type,
        "NotAuthorizedException",
      );
    });

    it("what expired while no server ran is never shown by the next one", async () => {
      const marker = makeMarker();
      const { uuid } = await post(server, ada.token, marker);
      await server.stop();
      storage.execute(
        `UPDATE activities SET expires_at = ${Date.now() - 1000} WHERE ${isOneOf("uuid", [uuid])}`,
      );
      server = await startServer({
        ...storage.settings,
        CLOCK_MOVABLE: "true",
        ACCESS_TOKEN_LIFETIME: "1440",
      });
      const home = await expect(200, server, "GET", "/api/activities/home");
      assert(!home.text.includes(uuid));
      assert.equal((await call(server, "GET", `/api/activities/${uuid}`)).status, 410);
      await untilSwept(uuid);
      await untilForgotten(marker);
    });
  });
}
