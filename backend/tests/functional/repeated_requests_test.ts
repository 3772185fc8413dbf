// Requests with an Idempotency-Key that come many times: at once, and after the end of what they
// made.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { type Account, makeAccounts } from "./support/accounts.ts";
import { type Answer, advanceClock, assertProblem, call, expect, post } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

const atOnce = 64;

interface Request {
  path: string;
  json: object;
  key: string;
}

const aPost = (message = "once"): Request => ({
  path: "/api/activities",
  json: { message, ttl: "1-hour" },
  key: randomUUID(),
});

function aReply(to: string): Request {
  return {
    path: `/api/activities/${to}/reply`,
    json: { message: "one answer" },
    key: randomUUID(),
  };
}

function send(server: Server, { token }: Account, { path, json, key }: Request): Promise<Answer> {
  return call(server, "POST", path, { token, json, headers: { "idempotency-key": key } });
}

for (const engine of engines) {
  describe(`repeated requests on ${engine}`, () => {
    it(`of ${atOnce} at once with one key one makes the post or the reply, and all others answer as it did`, async () => {
      using storage = new Storage(engine);
      await using server = await startServer({ ...storage.settings, DATABASE_CONNECTIONS: "16" });
      const [ada] = (await makeAccounts(server, 1)) as [Account];
      const root = await post(server, ada.token, "the root");
      let rows = 1;
      for (const request of [aPost(), aReply(root.uuid), aPost("another"), aReply(root.uuid)]) {
        const answers = await Promise.all(
          Array.from({ length: atOnce }, () => send(server, ada, request)),
        );
        const statuses = answers.map((each) => each.status).sort();
        assert.deepEqual(statuses, [...Array(atOnce - 1).fill(200), 201]);
        const bodies = new Set(answers.map((each) => each.text));
        assert.equal(bodies.size, 1, [...bodies].join("\n"));
        assert.equal(storage.count("activities"), ++rows);
      }
      const { json } = await expect(200, server, "GET", `/api/activities/${root.uuid}`);
      assert.equal(json.activity.replies_count, 2);
      assert.equal(json.replies.data.length, 2);
    });

    it("a key comes to nothing after the end of what it made, also on a server that was killed since", async () => {
      using storage = new Storage(engine);
      const settings = {
        ...storage.settings,
        CLOCK_MOVABLE: "true",
        ACCESS_TOKEN_LIFETIME: "1440",
      };
      let server = await startServer(settings);
      try {
        const [ada, grace] = (await makeAccounts(server, 2)) as [Account, Account];
        const make = async (request: Request, who = ada) => {
          const answer = await send(server, who, request);
          assert.equal(answer.status, 201, answer.text);
          return answer.json.uuid as string;
        };
        const lived = aPost("lives to its end");
        const answered = aReply(await make(lived));
        await make(answered, grace);
        await advanceClock(server, 3600);
        await until("the sweep", 10_000, () => storage.count("activities") === 0);

        const taken = aPost("is taken back");
        const uuid = await make(taken);
        await expect(204, server, "DELETE", `/api/activities/${uuid}`, { token: ada.token });
        const stays = aPost("stands above a reply");
        const tombstone = await make(stays);
        await make(aReply(tombstone), grace);
        await expect(204, server, "DELETE", `/api/activities/${tombstone}`, { token: ada.token });
        const ends: [Request, Account, string][] = [
          [lived, ada, "activity_expired"],
          [answered, grace, "activity_expired"],
          [taken, ada, "activity_deleted"],
          [stays, ada, "activity_deleted"],
        ];
        const rows = storage.count("activities");
        const comesToNothing = async () => {
          for (const [request, who, code] of ends) {
            const same = await Promise.all([1, 2, 3].map(() => send(server, who, request)));
            const other = { ...aPost("something else"), key: request.key };
            for (const answer of [...same, await send(server, who, other)])
              assertProblem(answer, 410, code);
          }
          assert.equal(storage.count("activities"), rows);
        };
        await comesToNothing();
        await server.kill();
        server = await startServer(settings);
        await comesToNothing();
      } finally {
        if (server.isRunning) await server.stop();
      }
    });
  });
}
