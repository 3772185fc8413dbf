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
  /** Makes what is sent of the text in the box. */
  body: (message: string) => Body;
  /** Called once the message is sent and the box is empty. Without it, the box takes the focus back from its button. */
  onSent?: (() => void) | undefined;
}

// The faults that the box does not show by itself, as the counter shows the length. The words are those for the server's codes.
const codes: Partial<Record<TextFault, string>> = {
  marks: "message_exceed_max_marks",
  directions: "message_directions_open",
};

function problemOf(fault: TextFault | undefined): ApiProblem | undefined {
  const code = fault && codes[fault];
  return code ? new ApiProblem(422, [code]) : undefined;
}

/** A box with its draft, its limit of length and what sends it. */
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
