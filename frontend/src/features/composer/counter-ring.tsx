import { strings } from "@/shared/lib/i18n";
import { useSettled } from "@/shared/lib/use-settled";

interface CounterRingProps {
  id: string;
  used: number;
  limit: number;
}

const radius = 11;
const round = 2 * Math.PI * radius;
// From so many remaining graphemes on, the number is shown.
const warnAt = 20;
// A longer number does not fit into the ring and stands without it.
const roomInside = -100;

/** Shows how much of the limit is used. When the text is too long, screen readers hear it once typing rests. */
export function CounterRing({ id, used, limit }: CounterRingProps) {
  const left = limit - used;
  const near = left <= warnAt;
  const part = Math.min(1, used / limit);
  const colour = left < 0 ? "var(--danger)" : near ? "var(--life-low)" : "var(--life-calm)";
  return (
    <span className="relative grid size-9 shrink-0 place-items-center">
      {left > roomInside && (
        <svg viewBox="0 0 28 28" className="absolute inset-0 -rotate-90" aria-hidden>
          <circle cx="14" cy="14" r={radius} fill="none" stroke="var(--line)" strokeWidth="2.5" />
          {used > 0 && (
            <circle
              cx="14"
              cy="14"
              r={radius}
              fill="none"
              stroke={colour}
              strokeWidth="2.5"
              strokeLinecap="round"
              strokeDasharray={`${part * round} ${round}`}
            />
          )}
        </svg>
      )}
      {near && (
        <span aria-hidden className={`digits text-tiny font-bold ${left < 0 ? "text-danger" : ""}`}>
          {left}
        </span>
      )}
      <span id={id} className="sr-only">
        {left < 0 ? strings.composer.over(-left) : strings.composer.used(used, limit)}
      </span>
      <span role="status" className="sr-only">
        {useSettled(left < 0 ? strings.composer.over(-left) : "")}
      </span>
    </span>
  );
}
