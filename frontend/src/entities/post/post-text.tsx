import { Link } from "react-router";
import { paths } from "@/shared/lib/paths";
import { classNames } from "@/shared/ui/class-names";
import type { Post } from "./post";
import { type TextRun, textRuns } from "./text-runs";

interface PostTextProps {
  post: Post;
  id?: string;
  className?: string;
}

/** A message as text nodes and links, never as HTML. Combining marks that pile up are cut off at its edge. */
export function PostText({ post, id, className }: PostTextProps) {
  return (
    <p id={id} dir="auto" className={classNames("overflow-clip whitespace-pre-wrap", className)}>
      {textRuns(post.message, post.entities).map((run) => (
        <Run key={run.start} run={run} />
      ))}
    </p>
  );
}

// Isolated, so that characters around it that change the direction can't make the link look like another address.
const link = "text-link decoration-1 underline-offset-3 [unicode-bidi:isolate] hover:underline";

function Run({ run: { text, entity } }: { run: TextRun }) {
  switch (entity?.type) {
    case "mention":
      return (
        <Link to={paths.user(entity.value)} className={link}>
          {text}
        </Link>
      );
    case "link":
      return (
        <a href={entity.value} rel="nofollow noopener ugc" target="_blank" className={link}>
          {text}
        </a>
      );
    case "tag":
      return <bdi className="font-medium text-soft">{text}</bdi>;
    default:
      return text;
  }
}
