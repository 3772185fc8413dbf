// A real SMTP server on this machine, that keeps what it is given.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { until } from "./wait.ts";

export interface Letter {
  from: string;
  to: string[];
  text: string;
  code: string; // "" when it holds none
}

export class MailServer {
  readonly letters: Letter[] = [];
  refusing = false;
  #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      hideSTARTTLS: true,
      disabledCommands: ["AUTH", "STARTTLS"],
      logger: false,
      onRcptTo: (_address, _session, done) => done(this.refusing ? new Error("no mail today") : null),
      onData: (stream, session, done) => {
        let text = "";
        stream.on("data", (part) => (text += part));
        stream.on("end", () => {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom ? mailFrom.address : "";
          const code = text.match(/^\s+(\d{6})\s*$/m)?.[1] ?? "";
          this.letters.push({ from, to: rcptTo.map((each) => each.address), text, code });
          done();
        });
      },
    });
    this.#server.on("error", () => undefined); // a client that was killed
  }

  static async start(): Promise<MailServer> {
    const made = new MailServer();
    made.#server.listen(0, "127.0.0.1");
    await once(made.#server.server, "listening");
    return made;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  /** The newest letter to an address. */
  letterTo(address: string): Promise<Letter> {
    return until(`a letter to ${address}`, 3_000, () => this.letters.findLast((each) => each.to.includes(address)));
  }

  stop(): Promise<void> {
    return new Promise((resume) => this.#server.close(resume));
  }
}
