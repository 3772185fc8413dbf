import { Link2, Share2 } from "lucide-react";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { toast } from "@/shared/ui/toaster-store";
import { ActionButton } from "./action-button";
import type { Post } from "./post";

/** Whether this is a device on which one shares through the system's own sheet. */
const hasShareSheet = (): boolean =>
  typeof navigator.share === "function" && window.matchMedia?.("(pointer: coarse)").matches;

const addressOf = (post: Post): string => new URL(paths.post(post), window.location.href).href;

async function copyLink(post: Post): Promise<void> {
  try {
    await navigator.clipboard.writeText(addressOf(post));
    toast(strings.post.copied);
  } catch {
    toast(strings.post.copyFailed);
  }
}

/** Opens the share sheet; closing it is no failure. */
async function share(post: Post): Promise<void> {
  try {
    await navigator.share({ url: addressOf(post) });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) await copyLink(post);
  }
}

/** Passes a post's address on: by the share sheet on touch devices that have one, else by the clipboard. */
export function ShareButton({ post }: { post: Post }) {
  return hasShareSheet() ? (
    <ActionButton icon={Share2} label={strings.post.share} onClick={() => void share(post)} />
  ) : (
    <ActionButton icon={Link2} label={strings.post.copy} onClick={() => void copyLink(post)} />
  );
}
