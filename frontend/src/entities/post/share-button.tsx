import { Link2, Share2 } from "lucide-react";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { toast } from "@/shared/ui/toaster-store";
import { ActionButton } from "./action-button";
import type { Post } from "./post";

/** Whether the device shares through a sheet of its own system. */
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

/** Opens the share sheet. Closing it is not an error. */
async function share(post: Post): Promise<void> {
  try {
    await navigator.share({ url: addressOf(post) });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) await copyLink(post);
  }
}

/** Shares a post's address: with the share sheet on touch devices that have one, else by copying it. */
export function ShareButton({ post }: { post: Post }) {
  return hasShareSheet() ? (
    <ActionButton icon={Share2} label={strings.post.share} onClick={() => void share(post)} />
  ) : (
    <ActionButton icon={Link2} label={strings.post.copy} onClick={() => void copyLink(post)} />
  );
}
