import { Link2 } from "lucide-react";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { toast } from "@/shared/ui/toaster-store";
import { ActionButton } from "./action-button";
import type { Post } from "./post";

async function copyLink(post: Post): Promise<void> {
  try {
    await navigator.clipboard.writeText(new URL(paths.post(post), window.location.href).href);
    toast(strings.post.copied);
  } catch {
    toast(strings.post.copyFailed);
  }
}

export function ShareButton({ post }: { post: Post }) {
  return (
    <ActionButton icon={Link2} label={strings.post.share} onClick={() => void copyLink(post)} />
  );
}
