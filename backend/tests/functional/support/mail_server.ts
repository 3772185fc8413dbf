// A real SMTP server on this machine, that keeps what it is given.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { until } from "./wait.ts";

export interface Letter {
  from: string;
  to: string[];
  message: string; // headers and text, as sent
  code: string; // "" when it holds none
  secure: boolean;
  greeting: string; // the name that the client gave itself
}

const plain: SMTPServerOptions = { authOptional: true, disabledCommands: ["AUTH", "STARTTLS"] };

export class MailServer {
  readonly letters: Letter[] = [];
  readonly passwords: string[] = []; // that clients told it, "user:password"
  refusing = false;
  #server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.#server = new SMTPServer({
      logger: false,
      disableReverseLookup: true,
      onAuth: (auth, _session, done) => {
        this.passwords.push(`${auth.username}:${auth.password}`);
        done(null, { user: auth.username });
      },
      onRcptTo: (_address, _session, done) =>
        done(this.refusing ? new Error("no mail today") : null),
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on("data", (part: Buffer) => parts.push(part));
        stream.on("end", () => {
          const { mailFrom, rcptTo } = session.envelope;
          const message = Buffer.concat(parts).toString("utf8");
          this.letters.push({
            from: mailFrom ? mailFrom.address : "",
            to: rcptTo.map((each) => each.address),
            message,
            code: message.match(/^ {4}(\d{10})\r$/m)?.[1] ?? "",
            secure: session.secure,
            greeting: session.hostNameAppearsAs,
          });
          done();
        });
      },
      ...options,
    });
    this.#server.on("error", () => undefined); // a client that hangs up in the handshake
  }

  /** Without encryption and passwords, unless the options say otherwise. */
  static async start(options: SMTPServerOptions = plain): Promise<MailServer> {
    const made = new MailServer(options);
    made.#server.listen(0, "127.0.0.1");
    await once(made.#server.server, "listening");
    return made;
  }

  url(user = ""): string {
    return `smtp://${user}127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  /** The newest letter to an address, that came after the first `had` ones of all. */
  letterTo(address: string, had = 0): Promise<Letter> {
    return until(`a letter to ${address}`, 5_000, () =>
      this.letters.slice(had).findLast((each) => each.to.includes(address)),
    );
  }

  stop(): Promise<void> {
    return new Promise((resume) => this.#server.close(resume));
  }
}
