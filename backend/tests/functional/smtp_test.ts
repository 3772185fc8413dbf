// Mail through a real SMTP server: what arrives, and what happens when it does not.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  assertRefused,
  clientId,
  draftAccount,
  pool,
  poolOk,
  signIn,
  signUp,
} from "./support/accounts.ts";
import { assertProblem, call, expect } from "./support/api.ts";
import { makeFolder, removeFolder } from "./support/guard.ts";
import { MailServer } from "./support/mail_server.ts";
import { runCommand, type Server, type Settings, startServer } from "./support/server.ts";
import { Storage } from "./support/storage.ts";
import { until } from "./support/wait.ts";

describe("mail over SMTP", () => {
  let mail: MailServer;
  let server: Server;

  before(async () => {
    mail = await MailServer.start();
    server = await startServer({
      SMTP_URL: mail.url(),
      MAIL_FROM: "Crüddur <no-reply@cruddur.example>",
    });
  });
  after(async () => {
    await server.stop();
    await mail.stop();
  });

  const confirm = (Username: string, ConfirmationCode: string) =>
    poolOk(server, "ConfirmSignUp", { ClientId: clientId, Username, ConfirmationCode });

  it("brings the codes of sign-up and reset", async () => {
    const who = draftAccount();
    assert.equal((await signUp(server, who)).status, 200);
    const welcome = await mail.letterTo(who.email);
    assert.equal(welcome.from, "no-reply@cruddur.example");
    assert.deepEqual(welcome.to, [who.email]);
    const headers = welcome.message.split("\r\n\r\n", 1)[0] ?? "";
    assert.match(
      headers,
      /^From: =\?UTF-8\?B\?Q3LDvGRkdXI=\?=\r\n <no-reply@cruddur\.example>\r$/m,
    );
    assert.match(headers, /^Subject: Confirm your Cruddur account\r$/m);
    assert.match(headers, /^Date: \w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000\r$/m);
    assert.match(headers, /^Message-ID: <[0-9a-f]{32}@cruddur\.example>\r$/m);
    await confirm(who.email, welcome.code);

    const had = mail.letters.length;
    await poolOk(server, "ForgotPassword", { ClientId: clientId, Username: who.email });
    const { code } = await mail.letterTo(who.email, had);
    const password = "another good secret";
    await poolOk(server, "ConfirmForgotPassword", {
      ClientId: clientId,
      Username: who.email,
      ConfirmationCode: code,
      Password: password,
    });
    await signIn(server, { ...who, password });
  });

  it("has no developer outbox beside it, and the client is told so", async () => {
    for (const accept of ["application/json", "text/html"]) {
      assertProblem(
        await call(server, "GET", "/dev/outbox", { headers: { accept } }),
        404,
        "path_not_found",
      );
    }
    assert.equal((await expect(200, server, "GET", "/config.json")).json.outbox, false);
  });

  it("no address or name can add headers or recipients", async () => {
    const who = draftAccount();
    for (const email of [
      "a@example.com\r\nBcc: victim@example.com",
      "a@example.com>\r\nRCPT TO:<victim@example.com",
      "a b@example.com",
    ]) {
      assertRefused(await signUp(server, { ...who, email }), "InvalidParameterException");
    }
    assertRefused(
      await signUp(server, { ...who, name: "A\r\nBcc: victim@example.com" }),
      "InvalidParameterException",
    );
    assert(!mail.letters.some((each) => each.to.includes("victim@example.com")));
  });

  it("a letter that is refused is told as a code that did not arrive, and the next one confirms the account", async () => {
    const who = draftAccount();
    mail.refusing = true;
    assertRefused(await signUp(server, who), "CodeDeliveryFailureException");
    await until(
      "a line in the log",
      5_000,
      () => server.logged("could not send a mail").length > 0,
    );
    mail.refusing = false;
    await poolOk(server, "ResendConfirmationCode", { ClientId: clientId, Username: who.email });
    await confirm(who.email, (await mail.letterTo(who.email)).code);
    await signIn(server, who);
  });

  it("nobody unknown gets mail", async () => {
    await poolOk(server, "ForgotPassword", { ClientId: clientId, Username: "nobody@example.com" });
    await poolOk(server, "ResendConfirmationCode", {
      ClientId: clientId,
      Username: "nobody@example.com",
    });
    const who = draftAccount();
    await signUp(server, who); // queued after those
    await mail.letterTo(who.email);
    assert(!mail.letters.some((each) => each.to.includes("nobody@example.com")));
  });

  it("a mail server that is away is told to who signs up, and the code can be asked for again", async () => {
    await mail.stop();
    const who = draftAccount();
    const logged = server.logged("could not send a mail").length;
    assertRefused(await signUp(server, who), "CodeDeliveryFailureException");
    const answer = await pool(server, "ResendConfirmationCode", {
      ClientId: clientId,
      Username: who.email,
    });
    assert.equal(answer.status, 200, answer.text);
    await until(
      "lines in the log",
      5_000,
      () => server.logged("could not send a mail").length >= logged + 2,
    );
    assert(server.lines.every((line) => !line.includes(who.email)));
  });
});

describe("mail and TLS", () => {
  const folder = makeFolder("certificates");
  after(() => removeFolder(folder));
  const key = join(folder, "key.pem");
  const certificate = join(folder, "certificate.pem");
  before(() => {
    const names = "subjectAltName=IP:127.0.0.1";
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    const rest = ["-nodes", "-subj", "/CN=mail", "-addext", names, "-days", "2"];
    execFileSync("openssl", [...request, ...rest, "-keyout", key, "-out", certificate], {
      stdio: "ignore",
    });
  });
  const withTls = (options: object = {}) =>
    MailServer.start({
      key: readFileSync(key),
      cert: readFileSync(certificate),
      authOptional: true,
      ...options,
    });
  const sendOne = async (mail: MailServer, settings: Settings) => {
    await using server = await startServer({ SMTP_URL: mail.url(), ...settings });
    const who = draftAccount();
    assert.equal((await signUp(server, who)).status, 200);
    return mail.letterTo(who.email);
  };

  it("without a password is tried, also where nobody can vouch for the server", async () => {
    const mail = await withTls();
    try {
      const letter = await sendOne(mail, { SMTP_EHLO_NAME: "Hello.Cruddur.example" });
      assert.equal(letter.secure, true);
      assert.equal(letter.greeting.toLowerCase(), "hello.cruddur.example");
    } finally {
      await mail.stop();
    }
  });

  it("is done without where it is not offered and there is no password", async () => {
    const mail = await MailServer.start();
    try {
      const letter = await sendOne(mail, { BACKEND_URL: "http://cruddur.test" });
      assert.equal(letter.secure, false);
      assert.equal(letter.greeting, "cruddur.test");
    } finally {
      await mail.stop();
    }
  });

  it("with an authority of one's own proves the server, and then it gets the password", async () => {
    const mail = await withTls({ authOptional: false });
    try {
      const letter = await sendOne(mail, {
        SMTP_URL: mail.url("me@cruddur.example:s3c#ret@"),
        SMTP_CA_FILE: certificate,
      });
      assert.equal(letter.secure, true);
      assert.deepEqual(mail.passwords, ["me@cruddur.example:s3c#ret"]);
    } finally {
      await mail.stop();
    }
  });

  it("a failure names the host and the reason, and never whom it was for", async () => {
    await using server = await startServer({ SMTP_URL: "smtp://me:s3cret@127.0.0.1:1" });
    const who = draftAccount();
    assertRefused(await signUp(server, who), "CodeDeliveryFailureException");
    const [line] = await until("a line in the log", 5_000, () => {
      const lines = server.logged("could not send a mail");
      return lines.length > 0 ? lines : undefined;
    });
    assert.match(line ?? "", /127\.0\.0\.1:1 .*refused/);
    assert(server.lines.every((each) => !each.includes(who.email) && !each.includes("s3cret")));
  });

  it("an authority that can't be read is told at the start", async () => {
    const settings = { PORT: "0", SEED: "false", SMTP_URL: "smtp://127.0.0.1:1" };
    using storage = new Storage("sqlite");
    const ended = await runCommand(["serve"], {
      ...storage.settings,
      ...settings,
      SMTP_CA_FILE: join(folder, "none.pem"),
    });
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /^cruddur: SMTP_CA_FILE .*none\.pem/m);
  });
});

describe("a mail server that wants a password", () => {
  const cases = [
    { name: "does not get it over a connection that it can't prove to be its own", options: {} },
    {
      name: "does not get it in the clear either",
      options: { disabledCommands: ["STARTTLS"], allowInsecureAuth: true },
    },
  ];
  for (const { name, options } of cases) {
    it(name, async () => {
      const mail = await MailServer.start(options);
      try {
        await using server = await startServer({ SMTP_URL: mail.url("cruddur:s3cret@") });
        assertRefused(await signUp(server, draftAccount()), "CodeDeliveryFailureException");
        assert.deepEqual(mail.passwords, []);
        assert(server.lines.every((line) => !line.includes("s3cret")));
      } finally {
        await mail.stop();
      }
    });
  }
});
