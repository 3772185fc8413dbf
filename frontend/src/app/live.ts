import { followHead } from "@/entities/post/home-head";
import { start } from "@/shared/lib/realtime/dispatcher";
import { polling } from "@/shared/lib/realtime/polling";
import { queryClient } from "./query-client";

/** Keeps the screen up to date with the server for as long as the client runs. */
export function goLive(): void {
  followHead(queryClient);
  start(polling([{ type: "posts.new" }, { type: "activity.changed" }]));
}
