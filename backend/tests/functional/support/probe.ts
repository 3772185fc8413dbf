// One server with one person and one post, and every operation of the contract called on them.
import assert from "node:assert/strict";
import { type Account, makeAccount } from "./accounts.ts";
import { type Answer, type CallOptions, call, post } from "./api.ts";
import { needsSignIn, type Operation } from "./contract.ts";
import { type Server, startServer } from "./server.ts";
import { type Engine, Storage } from "./storage.ts";

// Members of the wrong type or kind, in an object that would else be fine.
export const wrongValues: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  [],
  ["a"],
  {},
  { message: "x" },
  "",
  "\u0000",
  "a\u0000b",
  "\u202e\u0007",
];

export class Probe {
  readonly storage: Storage;
  readonly server: Server;
  readonly ada: Account;
  readonly uuid: string; // of her post

  private constructor(storage: Storage, server: Server, ada: Account, uuid: string) {
    this.storage = storage;
    this.server = server;
    this.ada = ada;
    this.uuid = uuid;
  }

  static async start(engine: Engine): Promise<Probe> {
    const storage = new Storage(engine);
    const server = await startServer({ ...storage.settings, CLOCK_MOVABLE: "true" });
    const ada = await makeAccount(server);
    const { uuid } = await post(server, ada.token, "what all is about");
    return new Probe(storage, server, ada, uuid);
  }

  /** Fails unless the server came through it all well. */
  async end(): Promise<void> {
    const health = await call(this.server, "GET", "/api/health-check");
    await this.server.stop();
    this.storage[Symbol.dispose]();
    assert.equal(health.json.status, "ok", "the server is well after all that");
    assert.deepEqual(this.server.logged(" error ").slice(0, 3), [], "nothing went wrong inside");
  }

  path(operation: Operation, values: Record<string, string> = {}): string {
    const all: Record<string, string> = {
      handle: this.ada.handle,
      uuid: this.uuid,
      pool_id: "local_Cruddur",
      ...values,
    };
    return operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => all[name] as string);
  }

  /** As the person, where signing in is needed; `target` is path() unless told otherwise. */
  send(
    operation: Operation,
    options: CallOptions = {},
    target = this.path(operation),
  ): Promise<Answer> {
    const headers = { ...options.headers };
    if (operation.path === "/cognito-idp/") {
      headers["x-amz-target"] ??= "AWSCognitoIdentityProviderService.SignUp";
      headers["content-type"] ??= "application/x-amz-json-1.1";
    }
    const token = options.token ?? (needsSignIn(operation) ? this.ada.token : undefined);
    return call(this.server, operation.method, target, { ...options, headers, token });
  }
}
