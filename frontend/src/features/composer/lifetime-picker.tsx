import { useState } from "react";
import { config, type TtlCode } from "@/shared/lib/config";
import { strings } from "@/shared/lib/i18n";
import { minute, ttlDuration } from "@/shared/lib/time/duration";
import { moment } from "@/shared/lib/time/format";
import { lastTick, useTick } from "@/shared/lib/time/ticker";
import { Segments } from "@/shared/ui/segments";

interface LifetimePickerProps {
  value: TtlCode;
  onChange: (ttl: TtlCode) => void;
}

/** Says to the minute when a post made at `now` would be gone. */
const endOf = (ttl: TtlCode, now: number) =>
  strings.life.gone(moment(Math.floor(now / minute) * minute + ttlDuration(ttl), now));

/** Chooses how long a post lives, and shows the moment of its end, which screen readers hear only after a choice. */
export function LifetimePicker({ value, onChange }: LifetimePickerProps) {
  const options = config()
    .ttls.toSorted((a, b) => ttlDuration(a) - ttlDuration(b))
    .map((ttl) => ({ value: ttl, text: strings.ttl.short[ttl], label: strings.ttl.long[ttl] }));
  const end = useTick((now) => endOf(value, now));
  const [chosenEnd, setChosenEnd] = useState("");
  const choose = (ttl: TtlCode) => {
    setChosenEnd(endOf(ttl, lastTick()));
    onChange(ttl);
  };
  return (
    <fieldset className="min-w-0">
      <legend className="flex w-full items-baseline justify-between gap-3 text-small">
        <span className="text-soft">{strings.composer.lifetime}</span>
        <span className="digits font-display text-body font-bold text-(--life-calm)">{end}</span>
      </legend>
      <div className="-mx-3 mt-2 sm:mx-0">
        <Segments name="ttl" value={value} options={options} onChange={choose} />
      </div>
      <span role="status" className="sr-only">
        {chosenEnd === end ? end : ""}
      </span>
    </fieldset>
  );
}
