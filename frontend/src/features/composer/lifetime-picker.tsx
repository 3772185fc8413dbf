import { config, type TtlCode } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { minute, ttlDuration } from "@/shared/lib/time/duration";
import { moment } from "@/shared/lib/time/format";
import { useTick } from "@/shared/lib/time/ticker";
import { Segments } from "@/shared/ui/segments";

interface LifetimePickerProps {
  value: TtlCode;
  onChange: (ttl: TtlCode) => void;
}

/** How long a post is to live, with the moment of its end. */
export function LifetimePicker({ value, onChange }: LifetimePickerProps) {
  const options = config()
    .ttls.toSorted((a, b) => ttlDuration(a) - ttlDuration(b))
    .map((ttl) => ({ value: ttl, text: strings.ttl.short[ttl], label: strings.ttl.long[ttl] }));
  const end = useTick((now) => moment(Math.floor(now / minute) * minute + ttlDuration(value), now));
  return (
    <fieldset className="min-w-0">
      <legend className="flex w-full items-baseline justify-between gap-3 text-small">
        <span className="text-soft">{strings.composer.lifetime}</span>
        <output className="digits font-display text-body font-bold text-(--life-calm)">
          {strings.life.gone(end)}
        </output>
      </legend>
      <div className="-mx-3 mt-2 sm:mx-0">
        <Segments name="ttl" value={value} options={options} onChange={onChange} />
      </div>
    </fieldset>
  );
}
