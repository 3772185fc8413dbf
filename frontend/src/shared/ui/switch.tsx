import { useId } from "react";

interface SwitchProps {
  label: string;
  hint: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

/** On or off, at once. The knob's place tells it without colour. */
export function Switch({ label, hint, on, onChange }: SwitchProps) {
  const hintId = useId();
  return (
    <div>
      <label className="flex min-h-11 items-center justify-between gap-4">
        <span className="font-display text-title-s font-semibold">{label}</span>
        <input
          type="checkbox"
          role="switch"
          checked={on}
          aria-checked={on}
          onChange={(event) => onChange(event.target.checked)}
          aria-describedby={hintId}
          className="switch"
        />
      </label>
      <p id={hintId} className="mt-1 max-w-prose text-soft text-pretty">
        {hint}
      </p>
    </div>
  );
}
