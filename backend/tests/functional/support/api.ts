// Calls to the API. Every answer is held against the contract.
import assert from "node:assert/strict";
import { assertInContract } from "./contract.ts";
import type { Server } from "./server.ts";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

export interface CallOptions {
  token?: string;
  json?: unknown;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
}

export async function call(
  server: Pick<Server, "url">,
  method: string,
  target: string,
  options: CallOptions = {},
): Promise<Answer> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.token) headers.authorization = `Bearer ${options.token}`;
  if (options.json !== undefined) headers["content-type"] ??= "application/json";
  const body = options.json !== undefined ? JSON.stringify(options.json) : options.body;
  const response = await fetch(server.url + target, { method, headers, body, redirect: "manual" });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  const answer = {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text ? JSON.parse(text) : undefined,
  };
  assertInContract(method, target, answer);
  return answer;
}

/** The same, and fails unless the status is the one that is wanted. */
export async function expect(
  status: number,
  server: Pick<Server, "url">,
  method: string,
  target: string,
  options: CallOptions = {},
): Promise<Answer> {
  const answer = await call(server, method, target, options);
  assert.equal(answer.status, status, `${method} ${target}: ${answer.text}`);
  return answer;
}

/** Fails unless the answer is a problem with this status and one of these codes. */
export function assertProblem(answer: Answer, status: number, ...codes: string[]): void {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/);
  assert.equal(answer.json.status, status);
  assert(codes.includes(answer.json.errors[0]), `${answer.json.errors} is none of ${codes}`);
}

export interface Activity {
  uuid: string;
  author: { uuid: string; handle: string; display_name: string } | null;
  message: string;
  entities: { type: string; start: number; end: number; value: string }[];
  created_at: string;
  expires_at: string;
  likes_count: number;
  replies_count: number;
  viewer: { liked: boolean };
  deleted: boolean;
}

export async function post(
  server: Pick<Server, "url">,
  token: string,
  message: string,
  ttl = "1-hour",
  headers: Record<string, string> = {},
): Promise<Activity> {
  const answer = await expect(201, server, "POST", "/api/activities", {
    token,
    json: { message, ttl },
    headers,
  });
  return answer.json;
}

export async function reply(
  server: Pick<Server, "url">,
  token: string,
  to: string,
  message: string,
  headers: Record<string, string> = {},
): Promise<Activity> {
  const answer = await expect(201, server, "POST", `/api/activities/${to}/reply`, {
    token,
    json: { message },
    headers,
  });
  return answer.json;
}

/** All items of a list, page by page. */
export async function readAll(
  server: Pick<Server, "url">,
  path: string,
  token?: string,
  limit = 100,
): Promise<Activity[]> {
  const all: Activity[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page = await expect(200, server, "GET", `${path}?limit=${limit}${query}`, { token });
    all.push(...page.json.data);
    cursor = page.json.next_cursor;
  } while (cursor);
  return all;
}

export async function advanceClock(server: Pick<Server, "url">, seconds: number): Promise<void> {
  await expect(200, server, "POST", "/dev/clock", { json: { advance_seconds: seconds } });
}

/** A value of GET /metrics. */
export async function metric(server: Pick<Server, "url">, name: string): Promise<number> {
  const { text } = await expect(200, server, "GET", "/metrics");
  const line = text
    .split("\n")
    .find((each) => each.startsWith(`${name} `) || each.startsWith(`${name}{`));
  assert(line, `no metric ${name}`);
  return Number(line.slice(line.lastIndexOf(" ") + 1));
}
