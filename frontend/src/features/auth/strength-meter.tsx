import { useEffect, useState } from "react";
import { strings } from "@/shared/lib/i18n";
import { classNames } from "@/shared/ui/class-names";
import type { Estimate, Strength } from "./strength";

const steps: readonly Strength[] = ["weak", "fair", "good", "strong"];

const colours: Record<Strength, string> = {
  short: "bg-line",
  weak: "bg-(--life-last)",
  fair: "bg-(--life-low)",
  good: "bg-(--life-calm)",
  strong: "bg-spark",
};

const quiet = 800; // ms without typing until it is said aloud

/** Four bars and words, which stand still while there is nothing to say. */
export function StrengthMeter({ found }: { found: Estimate | undefined }) {
  const words = found ? wordsOf(found) : "";
  const level = found ? steps.indexOf(found.strength) + 1 : 0;
  return (
    <div className="mt-2.5">
      <div aria-hidden className="grid grid-cols-4 gap-1.5">
        {steps.map((step, index) => (
          <span
            key={step}
            className={classNames(
              "h-1 rounded-full transition-colors duration-150",
              index < level && found ? colours[found.strength] : "bg-line",
            )}
          />
        ))}
      </div>
      <p aria-hidden data-strength={found?.strength} className="mt-1.5 min-h-5 text-sm text-soft">
        {words}
      </p>
      <p aria-live="polite" className="sr-only">
        {useSettled(words)}
      </p>
    </div>
  );
}

function wordsOf({ strength, weakness }: Estimate): string {
  const { strength: words, weakness: reasons } = strings.auth;
  return weakness ? `${words[strength]} ${reasons[weakness]}` : words[strength];
}

/** `text` once it has stayed the same for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), quiet);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
