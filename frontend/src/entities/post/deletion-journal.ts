import { storage } from "@/shared/lib/storage";
import { second } from "@/shared/lib/time/duration";
import { authorOf, type Post } from "./post";

// Deletions that are asked for and not confirmed yet, on disk: whatever becomes of the page, they are carried out.

const key = "cruddur.deletions";

/** An entry that was touched less than this ago (ms) belongs to a page that is alive and sees to it itself. */
export const ownedFor = 10 * second;

interface Entry {
  post: Post;
  touchedAt: number; // Date.now()
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

/** Enters the deletion, or says that this page still sees to it. */
export function enter(post: Post): void {
  // The text is not kept: it is what was asked to go.
  const kept = { ...post, message: "", entities: [], media: [] };
  write([...without(post.uuid), { post: kept, touchedAt: Date.now() }]);
}

export function strike(uuid: string): void {
  write(without(uuid));
}

/** What this person asked for in a page that is no more. */
export function leftovers(author: string, now: number): Post[] {
  return read()
    .filter(({ post, touchedAt }) => {
      return authorOf(post).uuid === author && Math.abs(now - touchedAt) > ownedFor;
    })
    .map(({ post }) => post);
}
