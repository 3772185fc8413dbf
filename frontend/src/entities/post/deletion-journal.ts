import { storage } from "@/shared/lib/storage";
import { second } from "@/shared/lib/time/duration";
import { authorOf, type Post } from "./post";

// The deletions that were asked for and that the server has not confirmed yet. They are kept in the storage, so that they are
// carried out even when the page was closed.

const key = "cruddur.deletions";

/** In milliseconds. An entry that was touched more recently belongs to an open page, which carries it out itself. */
export const ownedFor = 10 * second;

interface Entry {
  post: Post;
  // By Date.now().
  touchedAt: number;
}

function isEntry(value: unknown): value is Entry {
  const { post, touchedAt } = (value ?? {}) as Partial<Entry>;
  return typeof post?.uuid === "string" && typeof touchedAt === "number";
}

function read(): Entry[] {
  try {
    const entries: unknown = JSON.parse(storage.read(key) ?? "[]");
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function write(entries: Entry[]): void {
  if (entries.length > 0) storage.write(key, JSON.stringify(entries));
  else storage.remove(key);
}

const without = (uuid: string) => read().filter(({ post }) => post.uuid !== uuid);

/** Enters the deletion, or touches its entry to show that this page is still open. */
export function enter(post: Post): void {
  // The text is not kept: it is what was asked to go.
  const kept = { ...post, message: "", entities: [], media: [] };
  write([...without(post.uuid), { post: kept, touchedAt: Date.now() }]);
}

export function strike(uuid: string): void {
  write(without(uuid));
}

/** The deletions that this person asked for in a page that is closed. */
export function leftovers(author: string, now: number): Post[] {
  return read()
    .filter(({ post, touchedAt }) => {
      return authorOf(post).uuid === author && Math.abs(now - touchedAt) > ownedFor;
    })
    .map(({ post }) => post);
}
