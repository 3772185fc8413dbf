import { useEffect, useState } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { ReplyComposer } from "@/features/composer/reply-composer";
import { UnsentReply } from "@/features/composer/unsent-reply";
import type { ReplyBox } from "@/features/thread/living-thread";
import { Thread } from "@/features/thread/thread";
import { BackBar } from "../shell/back-bar";
import { NotFoundPage } from "./not-found-page";

const replyBox: ReplyBox = (post, options) => (
  <div id={options.onCancel ? undefined : "reply-box"}>
    <ReplyComposer key={post.uuid} post={post} {...options} />
  </div>
);

/** Whether one came to this page to reply. After a reload, and when one comes back to the page, it is false. */
function useCameToReply(): boolean {
  const location = useLocation();
  const navigate = useNavigate();
  const asked = Boolean(location.state?.reply);
  const [cameToReply] = useState(asked);
  useEffect(() => {
    if (asked) navigate(location, { replace: true, state: null });
  }, [asked, location, navigate]);
  return cameToReply;
}

function ThreadOf({ uuid }: { uuid: string }) {
  return (
    <Thread
      uuid={uuid}
      replying={useCameToReply()}
      replyBox={replyBox}
      unsentReply={<UnsentReply parent={uuid} />}
    />
  );
}

export default function ThreadPage() {
  const { at, uuid = "" } = useParams();
  if (at !== undefined && !at.startsWith("@")) return <NotFoundPage />;
  return (
    <>
      <BackBar />
      <ThreadOf key={uuid} uuid={uuid} />
    </>
  );
}
