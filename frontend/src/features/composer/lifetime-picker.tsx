import { config, type TtlCode } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { minute, ttlDuration } from "@/shared/lib/time/duration";
import { moment } from "@/shared/lib/time/format";
import { useTick } from "@/shared/lib/time/ticker";

interface LifetimePickerProps {
  value: TtlCode;
  onChange: (ttl: TtlCode) => void;
}

/** How long a post is to live, with the moment of its end. */
export function LifetimePicker({ value, onChange }: LifetimePickerProps) {
  const options = config().ttls.toSorted((a, b) => ttlDuration(a) - ttlDuration(b));
  const end = useTick((now) => moment(Math.floor(now / minute) * minute + ttlDuration(value), now));
  return (
    <fieldset className="min-w-0">
      <legend className="flex w-full items-baseline justify-between gap-3 text-sm">
        <span className="text-soft">{strings.composer.lifetime}</span>
        <output className="digits font-display text-base font-bold text-(--life-calm)">
          {strings.life.gone(end)}
        </output>
      </legend>
      <div className="-mx-3 mt-2 grid auto-cols-fr grid-flow-col rounded-full border border-line bg-canvas p-0.5 sm:mx-0 sm:gap-1 sm:p-1">
        {options.map((ttl) => (
          <label
            key={ttl}
            className="digits grid min-h-11 place-items-center rounded-full text-sm font-semibold text-soft transition-colors duration-150 hover:text-ink has-checked:bg-ink has-checked:text-canvas has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-(--focus)"
          >
            <input
              type="radio"
              name="ttl"
              value={ttl}
              checked={ttl === value}
              onChange={() => onChange(ttl)}
              aria-label={strings.ttl.long[ttl]}
              className="sr-only"
            />
            <span aria-hidden>{strings.ttl.short[ttl]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
