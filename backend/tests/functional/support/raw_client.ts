// A bare TCP connection, for requests that no HTTP client would send.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Server } from "./server.ts";
import { until } from "./wait.ts";

export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

export class RawClient implements Disposable {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  isClosed = false;

  constructor(server: Pick<Server, "port">) {
    this.socket = connect(server.port, "127.0.0.1");
    this.socket.setNoDelay(true);
    this.socket.on("data", (part) => (this.#received = Buffer.concat([this.#received, part])));
    this.socket.on("error", () => (this.isClosed = true));
    this.socket.on("close", () => (this.isClosed = true));
    this.socket.on("end", () => (this.isClosed = true));
  }

  get received(): string {
    return this.#received.toString("latin1");
  }

  send(data: string | Uint8Array): void {
    if (this.socket.writable)
      this.socket.write(typeof data === "string" ? Buffer.from(data, "latin1") : data);
  }

  /** Takes the next whole answer (not chunked) off what was received; undefined when it closed first. */
  async answer(withinMs = 5_000, hasBody = true): Promise<RawAnswer | undefined> {
    return (await until(
      "an answer",
      withinMs,
      () => this.#take(hasBody) ?? (this.isClosed && "closed"),
    ).then((found) => (found === "closed" ? undefined : found))) as RawAnswer | undefined;
  }

  #take(hasBody: boolean): RawAnswer | undefined {
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const [first = "", ...lines] = this.#received.subarray(0, end).toString("latin1").split("\r\n");
    const headers = new Map<string, string>();
    for (const line of lines) {
      const colon = line.indexOf(":");
      headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    const length = hasBody ? Number(headers.get("content-length") ?? 0) : 0;
    if (this.#received.length < end + 4 + length) return undefined;
    const body = this.#received.subarray(end + 4, end + 4 + length).toString();
    this.#received = this.#received.subarray(end + 4 + length);
    return { status: Number(first.split(" ")[1]), headers, body };
  }

  async closed(withinMs: number): Promise<void> {
    await until("the connection to be closed", withinMs, () => this.isClosed);
  }

  static async open(server: Pick<Server, "port">): Promise<RawClient> {
    const client = new RawClient(server);
    await once(client.socket, "connect");
    return client;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
