import { type FormEvent, useRef } from "react";
import { ApiProblem } from "@/shared/lib/api/problem";
import { countGraphemes, normalise } from "@/shared/lib/text/graphemes";
import { type TextFault, textFault } from "@/shared/lib/text/rule";
import { forgetSubmission } from "./submission-key";
import { useDraft } from "./use-draft";
import type { Publishing } from "./use-publish";

interface MessageFormOptions<Body> {
  publishing: Publishing<Body>;
  limit: number;
  /** What is sent when the box says `message`. */
  body: (message: string) => Body;
  /** What happens to the box once it is empty again; without it, it takes the focus back from its button. */
  onSent?: (() => void) | undefined;
}

// What the box itself does not show as the counter shows a length. Said as the server would say it.
const codes: Partial<Record<TextFault, string>> = {
  marks: "message_exceed_max_marks",
  directions: "message_directions_open",
};

function problemOf(fault: TextFault | undefined): ApiProblem | undefined {
  const code = fault && codes[fault];
  return code ? new ApiProblem(422, [code]) : undefined;
}

/** A box with a draft, its limit and what sends it. */
export function useMessageForm<Body>(options: MessageFormOptions<Body>) {
  const { publishing, limit, body, onSent } = options;
  const { draft, isPending, error } = publishing;
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(draft);
  const used = countGraphemes(text);
  const fault = textFault(normalise(text), { graphemes: limit });
  const ready = fault === undefined;
  const problem = problemOf(fault) ?? error;

  const write = (next: string) => {
    if (!next) forgetSubmission(draft);
    setText(next);
  };

  const done = () => {
    const now = box.current;
    const wroteOn = now?.value && now.value !== text;
    if (wroteOn) return;
    if (onSent) onSent();
    else if (now?.form?.contains(document.activeElement)) now.focus();
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) publishing.send({ body: body(normalise(text)), text }, done);
  };

  return { box, text, write, used, ready, isPending, error: problem, submit };
}
