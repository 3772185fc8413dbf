// Mail through a real SMTP server: what arrives, and what happens when it does not.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { assertRefused, clientId, draftAccount, pool, poolOk, signIn, signUp } from "./support/accounts.ts";
import { type Server, startServer } from "./support/server.ts";
import { until } from "./support/wait.ts";

interface Delivery {
  from: string;
  to: string[];
  message: string;
  secure: boolean;
}

class MailServer {
  readonly delivered: Delivery[] = [];
  readonly passwords: string[] = [];
  #server: SMTPServer;

  constructor(options: SMTPServerOptions) {
    this.#server = new SMTPServer({
      logger: false,
      disableReverseLookup: true,
      onAuth: (auth, session, done) => {
        this.passwords.push(`${auth.username}:${auth.password}:${session.secure}`);
        done(null, { user: auth.username });
      },
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on("data", (part: Buffer) => parts.push(part));
        stream.on("end", () => {
          const { mailFrom, rcptTo } = session.envelope;
          this.delivered.push({
            from: mailFrom ? mailFrom.address : "",
            to: rcptTo.map((each) => each.address),
            message: Buffer.concat(parts).toString("utf8"),
            secure: session.secure,
          });
          done();
        });
      },
      ...options,
    });
    this.#server.on("error", () => {}); // a client that hangs up in the handshake
  }

  async listen(): Promise<number> {
    await new Promise<void>((resume) => this.#server.listen(0, "127.0.0.1", resume));
    const address = this.#server.server.address();
    assert(address && typeof address === "object");
    return address.port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resume) => this.#server.close(() => resume()));
  }
}

function codeIn(message: string): string {
  const code = message.match(/^ {4}(\d{6})\r$/m)?.[1];
  assert(code, message);
  return code;
}

describe("mail over SMTP", () => {
  let mail: MailServer;
  let server: Server;

  before(async () => {
    mail = new MailServer({ authOptional: true, disabledCommands: ["STARTTLS"] });
    const port = await mail.listen();
    server = await startServer({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "Crüddur <no-reply@cruddur.example>" });
  });
  after(async () => {
    await server.stop();
    await mail.close();
  });

  it("brings the codes of sign-up and reset", async () => {
    const who = draftAccount();
    assert.equal((await signUp(server, who)).status, 200);
    const welcome = mail.delivered.at(-1);
    assert(welcome);
    assert.equal(welcome.from, "no-reply@cruddur.example");
    assert.deepEqual(welcome.to, [who.email]);
    const headers = welcome.message.split("\r\n\r\n", 1)[0] ?? "";
    assert.match(headers, /^From: =\?UTF-8\?B\?Q3LDvGRkdXI=\?=\r\n <no-reply@cruddur\.example>$/m);
    assert.match(headers, /^Date: \w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000\r$/m);
    assert.match(headers, /^Message-ID: <[0-9a-f]{32}@cruddur\.example>\r$/m);
    await poolOk(server, "ConfirmSignUp", { ClientId: clientId, Username: who.email, ConfirmationCode: codeIn(welcome.message) });

    const before = mail.delivered.length;
    await poolOk(server, "ForgotPassword", { ClientId: clientId, Username: who.email });
    await until("the reset mail", 5_000, async () => mail.delivered.length > before);
    const code = codeIn(mail.delivered.at(-1)?.message ?? "");
    const password = "another good secret";
    await poolOk(server, "ConfirmForgotPassword", { ClientId: clientId, Username: who.email, ConfirmationCode: code, Password: password });
    await signIn(server, { ...who, password });
  });

  it("has no developer outbox beside it", async () => {
    assert.notEqual((await fetch(`${server.url}/dev/outbox`, { headers: { accept: "application/json" } })).status, 200);
  });

  it("a mail server that is away is told to who signs up, and the code can be asked for again", async () => {
    await mail.close();
    const who = draftAccount();
    assertRefused(await signUp(server, who), "CodeDeliveryFailureException");
    const answer = await pool(server, "ResendConfirmationCode", { ClientId: clientId, Username: who.email });
    assert.equal(answer.status, 200, answer.text);
    await until("a line in the log", 5_000, async () => server.logged("could not send a mail").length >= 2);
    assert(server.lines.every((line) => !line.includes(who.email)));
  });
});

describe("a mail server that wants a password", () => {
  it("does not get it over a connection that it can't prove to be its own", async () => {
    const mail = new MailServer({}); // STARTTLS with a certificate that nobody has signed
    const port = await mail.listen();
    const server = await startServer({ SMTP_URL: `smtp://cruddur:s3cret@127.0.0.1:${port}` });
    try {
      assertRefused(await signUp(server, draftAccount()), "CodeDeliveryFailureException");
      assert.deepEqual(mail.passwords, []);
      assert(server.lines.every((line) => !line.includes("s3cret")));
    } finally {
      await server.stop();
      await mail.close();
    }
  });

  it("does not get it in the clear either", async () => {
    const mail = new MailServer({ disabledCommands: ["STARTTLS"], allowInsecureAuth: true });
    const port = await mail.listen();
    const server = await startServer({ SMTP_URL: `smtp://cruddur:s3cret@127.0.0.1:${port}` });
    try {
      assertRefused(await signUp(server, draftAccount()), "CodeDeliveryFailureException");
      assert.deepEqual(mail.passwords, []);
    } finally {
      await server.stop();
      await mail.close();
    }
  });
});
