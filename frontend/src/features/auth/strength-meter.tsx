import { useSettled } from "@/shared/lib/use-settled";
import { classNames } from "@/shared/ui/class-names";
import type { Strength } from "./strength";

const steps: readonly Strength[] = ["weak", "fair", "good", "strong"];

const colours: Record<Strength, string> = {
  short: "bg-line",
  weak: "bg-(--life-last)",
  fair: "bg-(--life-low)",
  good: "bg-(--life-calm)",
  strong: "bg-spark",
};

interface StrengthMeterProps {
  strength: Strength | undefined;
  words: string;
}

/** Four bars that fill up. The words are visible beside the field; screen readers hear them here once typing rests. */
export function StrengthMeter({ strength = "short", words }: StrengthMeterProps) {
  const level = steps.indexOf(strength) + 1;
  return (
    <>
      <div aria-hidden data-strength={strength} className="mt-2 grid grid-cols-4 gap-1.5">
        {steps.map((step, index) => (
          <span
            key={step}
            className={classNames(
              "h-1 rounded-full transition-colors duration-(--quick)",
              index < level ? colours[strength] : "bg-line",
            )}
          />
        ))}
      </div>
      <p aria-live="polite" className="sr-only">
        {useSettled(words)}
      </p>
    </>
  );
}
