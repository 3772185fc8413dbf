import { useEffect, useState } from "react";
import { draftKey } from "@/shared/lib/drafts";
import { storage } from "@/shared/lib/storage";

interface Change {
  key: string;
  from: string;
  to: string;
}

/** The name of the draft of a reply to the post `uuid`. */
export const replyDraft = (uuid: string): string => `reply.${uuid}`;

const boxes = new Set<(change: Change) => void>();

function announce(change: Change): void {
  for (const box of boxes) box(change);
}

window.addEventListener("storage", ({ key, oldValue, newValue }) => {
  if (key) announce({ key, from: oldValue ?? "", to: newValue ?? "" });
});

/** What the draft said when it was sent is done with. What has been written into it since stays. */
export function settleDraft(name: string, sent: string): void {
  const key = draftKey(name);
  announce({ key, from: sent, to: "" });
  if (storage.read(key) === sent) storage.remove(key);
}

/**
 * Text that survives a reload, a crash and a sign-in on the way. Settle it once it is sent. Boxes of the same name, here and in
 * other tabs, follow each other as long as they say the same: what was typed nowhere else is never overwritten.
 */
export function useDraft(name: string): [string, (text: string) => void] {
  const key = draftKey(name);
  const [text, setText] = useState(() => storage.read(key) ?? "");

  useEffect(() => {
    const follow = (change: Change) => {
      if (change.key === key) setText((now) => (now === change.from ? change.to : now));
    };
    boxes.add(follow);
    return () => {
      boxes.delete(follow);
    };
  }, [key]);

  const write = (next: string) => {
    announce({ key, from: text, to: next });
    setText(next);
    if (next) storage.write(key, next);
    else storage.remove(key);
  };
  return [text, write];
}
