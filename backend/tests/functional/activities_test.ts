import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Account, makeAccounts } from "./support/accounts.ts";
import { type Activity, assertProblem, call, expect, post, readAll, reply } from "./support/api.ts";
import { type Server, startServer } from "./support/server.ts";
import { engines, Storage } from "./support/storage.ts";
import { eachAtOnce } from "./support/wait.ts";

for (const engine of engines) {
  describe(`activities on ${engine}`, () => {
    let storage: Storage;
    let server: Server;
    let ada: Account;
    let grace: Account;

    before(async () => {
      storage = new Storage(engine);
      server = await startServer(storage.settings);
      [ada, grace] = (await makeAccounts(server, 2)) as [Account, Account];
    });
    after(async () => {
      await server.stop();
      storage[Symbol.dispose]();
    });

    const thread = async (uuid: string, token?: string) =>
      (await expect(200, server, "GET", `/api/activities/${uuid}`, { token })).json;
    const homeHas = async (uuid: string) =>
      (await readAll(server, "/api/activities/home")).some((each) => each.uuid === uuid);

    it("a post shows at once at home, with its author and by its id", async () => {
      const made = await post(
        server,
        ada.token,
        "  Tea at four, @Grace_H? #Tea https://example.com/x  ",
        "3-hours",
      );
      assert.equal(made.message, "Tea at four, @Grace_H? #Tea https://example.com/x");
      assert.equal(made.author?.handle, ada.handle);
      assert.equal(Date.parse(made.expires_at) - Date.parse(made.created_at), 3 * 3600_000);
      assert(await homeHas(made.uuid));
      const own = await readAll(server, `/api/activities/@${ada.handle}`);
      assert.deepEqual(own[0], made);
      assert.deepEqual((await thread(made.uuid)).activity, made);
      const byAuthor = await expect(
        200,
        server,
        "GET",
        `/api/activities/@${ada.handle}/status/${made.uuid}`,
      );
      assert.deepEqual(byAuthor.json.activity, made);
      const elsewhere = await call(
        server,
        "GET",
        `/api/activities/@${grace.handle}/status/${made.uuid}`,
      );
      assertProblem(elsewhere, 404, "activity_not_found");
    });

    it("ranges of mentions, tags and links count UTF-16 code units", async () => {
      const message = `🥒 for @${grace.handle} #Free https://example.com/🥒`;
      const answer = await expect(201, server, "POST", "/api/activities", {
        token: ada.token,
        json: { message, ttl: "1-hour" },
      });
      const told = answer.json.entities.map(
        (each: { type: string; start: number; end: number }) => [
          each.type,
          message.slice(each.start, each.end),
        ],
      );
      assert.deepEqual(told.slice(0, 2), [
        ["mention", `@${grace.handle}`],
        ["tag", "#Free"],
      ]);
      assert.equal(told[2][0], "link");
    });

    it("mentions are of people there are, and host names are links", async () => {
      const message = `@${grace.handle} @nobody_at_all @ada@elsewhere.example see example.com/x.`;
      const made = await post(server, ada.token, message);
      const told = made.entities.map(({ type, value }) => [type, value]);
      assert.deepEqual(told, [
        ["mention", grace.handle],
        ["link", "https://example.com/x"],
      ]);
      assert.deepEqual((await thread(made.uuid)).activity.entities, made.entities);
    });

    for (const [what, message, code] of [
      ["nothing to be seen", "\u2800\u3164\u200b", "message_blank"],
      ["marks piled up", `Z${"\u0351".repeat(30)}`, "message_exceed_max_marks"],
      ["a direction left open", "\u202egnp.exe", "message_directions_open"],
      ["a noncharacter", "a\ufffe", "message_invalid"],
    ]) {
      it(`a message with ${what} is refused`, async () => {
        const json = { message, ttl: "1-hour" };
        const answer = await call(server, "POST", "/api/activities", { token: ada.token, json });
        assertProblem(answer, 422, code as string);
      });
    }

    it("length is counted in what people see as characters", async () => {
      const family = "👨‍👩‍👧‍👦";
      const longest = await post(server, ada.token, family.repeat(280));
      assert.equal(longest.message, family.repeat(280));
      const tooLong = await call(server, "POST", "/api/activities", {
        token: ada.token,
        json: { message: family.repeat(281), ttl: "1-hour" },
      });
      assertProblem(tooLong, 422, "message_exceed_max_chars");
      const reply1024 = await reply(server, ada.token, longest.uuid, "é".repeat(1024));
      assert.equal(reply1024.message.length, 1024);
      const reply1025 = await call(server, "POST", `/api/activities/${longest.uuid}/reply`, {
        token: ada.token,
        json: { message: "é".repeat(1025) },
      });
      assertProblem(reply1025, 422, "message_exceed_max_chars");
    });

    it("a bad post names every fault, and changes nothing", async () => {
      const before = storage.count("activities");
      const both = await call(server, "POST", "/api/activities", {
        token: ada.token,
        json: { message: " \n\t ", ttl: "" },
      });
      assertProblem(both, 422, "message_blank");
      assert.deepEqual(both.json.errors, ["message_blank", "ttl_blank"]);
      const ttl = await call(server, "POST", "/api/activities", {
        token: ada.token,
        json: { message: "x", ttl: "2-days" },
      });
      assertProblem(ttl, 422, "ttl_invalid");
      assert.equal(ttl.json.field, "ttl");
      const control = await call(server, "POST", "/api/activities", {
        token: ada.token,
        json: { message: "a\u0000b", ttl: "1-hour" },
      });
      assertProblem(control, 422, "message_invalid");
      const visitor = await call(server, "POST", "/api/activities", {
        json: { message: "x", ttl: "1-hour" },
      });
      assertProblem(visitor, 401, "unauthenticated");
      assert.equal(storage.count("activities"), before);
    });

    it("replies nest under what they answer, oldest first, and are counted", async () => {
      const root = await post(server, ada.token, "root");
      const first = await reply(server, grace.token, root.uuid, "first");
      const second = await reply(server, ada.token, root.uuid, "second");
      const nested = await reply(server, ada.token, first.uuid, "nested");
      const told = await thread(root.uuid);
      assert.equal(told.activity.replies_count, 2);
      assert.deepEqual(
        told.replies.data.map((each: Activity) => each.uuid),
        [first.uuid, second.uuid],
      );
      assert.deepEqual(
        told.replies.data[0].replies.data.map((each: Activity) => each.uuid),
        [nested.uuid],
      );
      const below = await thread(nested.uuid);
      assert.deepEqual(
        below.ancestors.map((each: Activity) => each.uuid),
        [root.uuid, first.uuid],
      );
      assert.equal(nested.expires_at, root.expires_at);
      assert(!(await homeHas(first.uuid)), "home shows roots only");
    });

    it("the cursor of a thread pages its direct replies", async () => {
      const root = await post(server, ada.token, "many replies");
      const made: string[] = [];
      for (let i = 0; i < 7; ++i)
        made.push((await reply(server, ada.token, root.uuid, `reply ${i}`)).uuid);
      const read: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: { json: { replies: { data: Activity[]; next_cursor: string | null } } } =
          await expect(
            200,
            server,
            "GET",
            `/api/activities/${root.uuid}?limit=3${cursor && `&cursor=${cursor}`}`,
          );
        read.push(...page.json.replies.data.map((each) => each.uuid));
        cursor = page.json.replies.next_cursor;
      }
      assert.deepEqual(read, made);
    });

    it("cursors show each post once while others come and go", async () => {
      const made = await eachAtOnce(
        Array.from({ length: 25 }, (_, i) => i),
        1,
        (i) => post(server, grace.token, `paged ${i}`),
      );
      const first = await expect(200, server, "GET", `/api/activities/@${grace.handle}?limit=10`);
      await post(server, grace.token, "came in between");
      await expect(204, server, "DELETE", `/api/activities/${made[12]?.uuid}`, {
        token: grace.token,
      });
      const seen = first.json.data.map((each: Activity) => each.uuid);
      let cursor = first.json.next_cursor;
      while (cursor) {
        const page = await expect(
          200,
          server,
          "GET",
          `/api/activities/@${grace.handle}?limit=10&cursor=${cursor}`,
        );
        seen.push(...page.json.data.map((each: Activity) => each.uuid));
        cursor = page.json.next_cursor;
      }
      const wanted = made
        .map((each) => each.uuid)
        .filter((uuid) => uuid !== made[12]?.uuid)
        .reverse();
      assert.deepEqual(seen, wanted);
    });

    it("only its author deletes a post, and a deleted one answers 410 everywhere", async () => {
      const { uuid } = await post(server, ada.token, "short-lived");
      const forbidden = await call(server, "DELETE", `/api/activities/${uuid}`, {
        token: grace.token,
      });
      assertProblem(forbidden, 403, "not_author");
      await expect(204, server, "DELETE", `/api/activities/${uuid}`, { token: ada.token });
      assert(!(await homeHas(uuid)));
      const again: [string, string, object?][] = [
        ["GET", `/api/activities/${uuid}`],
        ["GET", `/api/activities/@${ada.handle}/status/${uuid}`],
        ["DELETE", `/api/activities/${uuid}`],
        ["PUT", `/api/activities/${uuid}/like`],
        ["DELETE", `/api/activities/${uuid}/like`],
        ["POST", `/api/activities/${uuid}/like`],
        ["POST", `/api/activities/${uuid}/reply`, { message: "too late" }],
      ];
      for (const [method, path, json] of again) {
        assertProblem(
          await call(server, method, path, { token: ada.token, json }),
          410,
          "activity_deleted",
        );
      }
    });

    it("a deleted post with live replies leaves a tombstone that tells nothing", async () => {
      const root = await post(server, ada.token, "with answers");
      const answer = await reply(server, grace.token, root.uuid, "still here");
      await expect(204, server, "DELETE", `/api/activities/${root.uuid}`, { token: ada.token });
      assert(!(await homeHas(root.uuid)));
      const { activity, replies } = await thread(root.uuid);
      const { deleted, message, entities, media, author } = activity;
      assert.deepEqual(
        { deleted, message, entities, media, author },
        { deleted: true, message: "", entities: [], media: [], author: null },
      );
      assert.equal(replies.data[0].uuid, answer.uuid);
      assert.equal((await thread(answer.uuid)).ancestors[0].deleted, true);
      for (const [method, path, json] of [
        ["PUT", "/like", undefined],
        ["POST", "/reply", { message: "to a tombstone" }],
        ["DELETE", "", undefined],
      ] as const) {
        const refused = await call(server, method, `/api/activities/${root.uuid}${path}`, {
          token: ada.token,
          json,
        });
        assertProblem(refused, 410, "activity_deleted");
      }
      await expect(204, server, "DELETE", `/api/activities/${answer.uuid}`, { token: grace.token });
      assertProblem(
        await call(server, "GET", `/api/activities/${root.uuid}`),
        410,
        "activity_deleted",
      );
    });

    it("home answers 304 to its ETag until something in it changes", async () => {
      await post(server, ada.token, "cached");
      const tagged = await expect(200, server, "GET", "/api/activities/home?limit=5");
      const etag = tagged.headers.get("etag");
      assert(etag);
      const again = () =>
        call(server, "GET", "/api/activities/home?limit=5", { headers: { "if-none-match": etag } });
      assert.equal((await again()).status, 304);
      const { uuid } = tagged.json.data[0];
      await expect(200, server, "PUT", `/api/activities/${uuid}/like`, { token: grace.token });
      const changed = await again();
      assert.equal(changed.status, 200);
      assert.equal(changed.json.data[0].likes_count, 1);
    });

    it("a repeated Idempotency-Key answers as the first time and posts once", async () => {
      const key = randomUUID();
      const send = (token: string, message: string) =>
        call(server, "POST", "/api/activities", {
          token,
          json: { message, ttl: "1-hour" },
          headers: { "idempotency-key": key },
        });
      const answers = await Promise.all([
        send(ada.token, "once"),
        send(ada.token, "once"),
        send(ada.token, "once"),
      ]);
      const late = await send(ada.token, "once");
      assertProblem(await send(ada.token, "another text"), 422, "idempotency_key_reused");
      assert.equal(answers.filter((each) => each.status === 201).length, 1);
      assert.equal(late.status, 200);
      for (const each of [...answers, late]) assert.deepEqual(each.json, answers[0]?.json);
      const home = await readAll(server, "/api/activities/home");
      assert.equal(home.filter((each) => each.message === "once").length, 1);

      await expect(204, server, "DELETE", `/api/activities/${late.json.uuid}`, {
        token: ada.token,
      });
      assertProblem(await send(ada.token, "once"), 410, "activity_deleted");
      assertProblem(await send(ada.token, "another text"), 410, "activity_deleted");

      const hers = await send(grace.token, "hers");
      assert.equal(hers.status, 201, "another person's key is another key");

      const replyKey = randomUUID();
      const answer = () =>
        call(server, "POST", `/api/activities/${hers.json.uuid}/reply`, {
          token: ada.token,
          json: { message: "once too" },
          headers: { "idempotency-key": replyKey },
        });
      const [one, two] = [await answer(), await answer()];
      assert.deepEqual([one.status, two.status], [201, 200]);
      assert.equal(one.json.uuid, two.json.uuid);
      assert.equal((await thread(hers.json.uuid)).activity.replies_count, 1);

      const bad = await call(server, "POST", "/api/activities", {
        token: ada.token,
        json: { message: "x", ttl: "1-hour" },
        headers: { "idempotency-key": "not-a-uuid" },
      });
      assertProblem(bad, 422, "idempotency_key_invalid");
    });
  });
}
