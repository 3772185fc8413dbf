import { useLocation, useParams } from "react-router";
import { ReplyComposer } from "@/features/composer/reply-composer";
import type { ReplyBox } from "@/features/thread/living-thread";
import { Thread } from "@/features/thread/thread";
import { BackBar } from "../shell/back-bar";
import { NotFoundPage } from "./not-found-page";

const replyBox: ReplyBox = (post, options) => (
  <div id={options.onCancel ? undefined : "reply-box"}>
    <ReplyComposer key={post.uuid} post={post} {...options} />
  </div>
);

export default function ThreadPage() {
  const { at = "", uuid = "" } = useParams();
  const { state } = useLocation();
  if (!at.startsWith("@")) return <NotFoundPage />;
  return (
    <>
      <BackBar />
      <Thread key={uuid} uuid={uuid} replying={Boolean(state?.reply)} replyBox={replyBox} />
    </>
  );
}
