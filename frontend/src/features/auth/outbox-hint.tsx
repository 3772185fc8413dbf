import { Mailbox } from "lucide-react";
import { config } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { paths } from "@/shared/lib/paths";
import { textLink } from "./auth-page";

/** On a development server, links to the mail that it keeps instead of sending it. */
export function OutboxHint() {
  if (!config().outbox) return null;
  return (
    <div className="mb-6 flex items-start gap-3 rounded-note border border-dashed border-edge px-4 pt-3">
      <Mailbox size={20} aria-hidden className="mt-0.5 shrink-0 text-soft" />
      <p className="text-soft">
        {strings.auth.outbox}{" "}
        <a href={paths.outbox} target="_blank" rel="noopener" className={textLink}>
          {strings.auth.outboxLink}
        </a>
      </p>
    </div>
  );
}
