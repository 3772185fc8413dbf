import { useEffect, useState } from "react";
import { draftKey } from "@/shared/lib/drafts";
import { storage } from "@/shared/lib/storage";

interface Change {
  key: string;
  previous: string;
  next: string;
}

/** The name of the draft of a reply to the post `uuid`. */
export const replyDraft = (uuid: string): string => `reply.${uuid}`;

const boxes = new Set<(change: Change) => void>();

function announce(change: Change): void {
  for (const box of boxes) box(change);
}

window.addEventListener("storage", ({ key, oldValue, newValue }) => {
  if (key) announce({ key, previous: oldValue ?? "", next: newValue ?? "" });
});

/** Empties the draft if it still is the text that was sent. What was written into it since stays. */
export function settleDraft(name: string, sent: string): void {
  const key = draftKey(name);
  announce({ key, previous: sent, next: "" });
  if (storage.read(key) === sent) storage.remove(key);
}

/**
 * Text that survives a reload, a crash and a sign-in. Call `settleDraft` once it is sent. Boxes of the same name, here and in
 * other tabs, follow each other as long as they hold the same text. A box that holds another text keeps it, so that nothing that
 * was typed is overwritten.
 */
export function useDraft(name: string): [string, (text: string) => void] {
  const key = draftKey(name);
  const [text, setText] = useState(() => storage.read(key) ?? "");

  useEffect(() => {
    const follow = (change: Change) => {
      if (change.key === key) setText((shown) => (shown === change.previous ? change.next : shown));
    };
    boxes.add(follow);
    return () => {
      boxes.delete(follow);
    };
  }, [key]);

  const write = (next: string) => {
    announce({ key, previous: text, next });
    setText(next);
    if (next) storage.write(key, next);
    else storage.remove(key);
  };
  return [text, write];
}
