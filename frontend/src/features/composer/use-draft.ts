import { useState } from "react";
import { draftKey } from "@/shared/lib/drafts";
import { storage } from "@/shared/lib/storage";

/** Text that survives a reload, a crash and a sign-in on the way. Forget it once it is sent. */
export function useDraft(name: string): [string, (text: string) => void] {
  const key = draftKey(name);
  const [text, setText] = useState(() => storage.read(key) ?? "");
  const write = (next: string) => {
    setText(next);
    if (next) storage.write(key, next);
    else storage.remove(key);
  };
  return [text, write];
}
