import type { components } from "@/generated/api";
import type { ClientConfig } from "@/shared/lib/config";

type Activity = components["schemas"]["Activity"];
type Author = components["schemas"]["Author"];
type ReplyNode = components["schemas"]["ReplyNode"];

export const testConfig: ClientConfig = {
  version: "0.0.0",
  environment: "development",
  api_origin: "",
  identity: {
    user_pool_id: "local_Local0001",
    user_pool_client_id: "cruddur-web",
    user_pool_endpoint: "http://localhost:4567/cognito-idp/",
    region: "local",
  },
  limits: { message: 280, reply: 1024 },
  ttls: ["30-days", "7-days", "3-days", "1-day", "12-hours", "3-hours", "1-hour"],
  outbox: true,
};

export function anAuthor(parts: Partial<Author> = {}): Author {
  return {
    uuid: "00000000-0000-7000-8000-0000000000aa",
    handle: "ada",
    display_name: "Ada Byron",
    avatar: null,
    ...parts,
  };
}

export function anActivity(parts: Partial<Activity> = {}): Activity {
  return {
    uuid: "00000000-0000-7000-8000-000000000001",
    author: anAuthor(),
    message: "Soup is on.",
    entities: [],
    media: [],
    created_at: "2026-11-22T08:00:00.000Z",
    expires_at: "2026-11-22T11:00:00.000Z",
    likes_count: 0,
    replies_count: 0,
    reply_to_activity_uuid: null,
    root_activity_uuid: null,
    deleted: false,
    viewer: { liked: false },
    ...parts,
  };
}

export function aReply(parts: Partial<Activity> = {}, replies: ReplyNode[] = []): ReplyNode {
  return { ...anActivity(parts), replies: { data: replies, next_cursor: null } };
}
