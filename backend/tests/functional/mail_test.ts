// Mail by SMTP, to a real server.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { assertRefused, clientId, draftAccount, pool, poolOk, signIn, signUp } from "./support/accounts.ts";
import { assertProblem, call, expect } from "./support/api.ts";
import { MailServer } from "./support/mail_server.ts";
import { type Server, startServer } from "./support/server.ts";
import { until } from "./support/wait.ts";

describe("mail by SMTP", () => {
  let mail: MailServer;
  let server: Server;

  before(async () => {
    mail = await MailServer.start();
    server = await startServer({ SMTP_URL: mail.url, MAIL_FROM: "Cruddur <hello@cruddur.example>" });
  });
  after(async () => {
    await server.stop();
    await mail.stop();
  });

  it("the code of a sign-up arrives and confirms the account", async () => {
    const who = draftAccount();
    assert.equal((await signUp(server, who)).status, 200);
    const letter = await mail.letterTo(who.email);
    assert.match(letter.text, /^From: Cruddur <hello@cruddur\.example>\r$/m);
    assert.match(letter.text, /^Subject: Confirm your Cruddur account\r$/m);
    assert.match(letter.text, /^Date: /m);
    assert.match(letter.text, /^Message-ID: <.+@.+>\r$/im);
    assert.equal(letter.from, "hello@cruddur.example");
    await poolOk(server, "ConfirmSignUp", { ClientId: clientId, Username: who.email, ConfirmationCode: letter.code });
    const { token } = await signIn(server, who);
    assert.equal((await expect(200, server, "GET", "/api/profile/me", { token })).json.handle, who.handle);
  });

  it("nobody reads mail at /dev/outbox then, and the client is told so", async () => {
    assertProblem(await call(server, "GET", "/dev/outbox", { headers: { accept: "application/json" } }), 404, "path_not_found");
    assert.equal((await expect(200, server, "GET", "/config.json")).json.outbox, false);
  });

  it("a mail server that refuses is told as an undelivered code, and the account can be confirmed later", async () => {
    const who = draftAccount();
    mail.refusing = true;
    assertRefused(await signUp(server, who), "CodeDeliveryFailureException");
    assert(server.logged("could not send a mail").length > 0);
    mail.refusing = false;
    await poolOk(server, "ResendConfirmationCode", { ClientId: clientId, Username: who.email });
    const { code } = await mail.letterTo(who.email);
    await poolOk(server, "ConfirmSignUp", { ClientId: clientId, Username: who.email, ConfirmationCode: code });
    await signIn(server, who);
  });

  it("no address or name can add headers or recipients", async () => {
    const handle = "injector";
    for (const email of ["a@example.com\r\nBcc: victim@example.com", "a@example.com>\r\nRCPT TO:<victim@example.com", "a b@example.com"]) {
      assertRefused(await signUp(server, { ...draftAccount(handle), email }), "InvalidParameterException");
    }
    assertRefused(await signUp(server, { ...draftAccount(handle), name: "A\r\nBcc: victim@example.com" }), "InvalidParameterException");
    assert(!mail.letters.some((each) => each.to.includes("victim@example.com")));
  });

  it("a forgotten password's code comes by mail after the answer", async () => {
    const who = draftAccount();
    await signUp(server, who);
    await poolOk(server, "ConfirmSignUp", { ClientId: clientId, Username: who.email, ConfirmationCode: (await mail.letterTo(who.email)).code });
    const had = mail.letters.length;
    await poolOk(server, "ForgotPassword", { ClientId: clientId, Username: who.email });
    await until("the mail", 3_000, () => mail.letters.length > had);
    const { code } = await mail.letterTo(who.email);
    await poolOk(server, "ConfirmForgotPassword", { ClientId: clientId, Username: who.email, ConfirmationCode: code, Password: "a new password" });
    await pool(server, "ForgotPassword", { ClientId: clientId, Username: "nobody@example.com" });
    await signIn(server, { ...who, password: "a new password" });
    assert(!mail.letters.some((each) => each.to.includes("nobody@example.com")), "nobody unknown gets mail");
  });
});
