interface SegmentsProps<Value extends string> {
  /** Of the radio group; one per form. */
  name: string;
  value: Value;
  options: readonly { value: Value; text: string; label?: string }[];
  onChange: (value: Value) => void;
}

/** One choice of a few, side by side: radio buttons that look like one. Put it into a fieldset that names it. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  return (
    <div className="grid auto-cols-fr grid-flow-col rounded-full border border-line bg-canvas p-0.5 sm:gap-1 sm:p-1">
      {props.options.map(({ value, text, label }) => (
        <label
          key={value}
          className="digits grid min-h-11 place-items-center rounded-full px-1 text-center text-small leading-tight font-semibold text-soft transition-colors duration-(--quick) hover:text-ink has-checked:bg-ink has-checked:text-canvas has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-(--focus)"
        >
          <input
            type="radio"
            name={props.name}
            value={value}
            checked={value === props.value}
            onChange={() => props.onChange(value)}
            aria-label={label}
            className="sr-only"
          />
          <bdi aria-hidden={label !== undefined}>{text}</bdi>
        </label>
      ))}
    </div>
  );
}
