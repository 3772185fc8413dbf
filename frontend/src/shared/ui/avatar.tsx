import { firstGrapheme } from "@/shared/lib/text/graphemes";
import { classNames } from "./class-names";

const sizes = {
  small: "size-8 text-small",
  medium: "size-11 text-large",
  large: "size-20 text-title-l",
};

/** A hue of 0 to 359 that stays the same for the same text. */
function hueOf(text: string): number {
  let hash = 7;
  for (const unit of text) hash = (hash * 31 + (unit.codePointAt(0) ?? 0)) % 360;
  return hash;
}

interface AvatarProps {
  handle: string;
  name: string;
  size?: keyof typeof sizes;
}

/** A monogram in the person's own colour. The name stands beside it, so it is hidden from screen readers. */
export function Avatar({ handle, name, size = "medium" }: AvatarProps) {
  const hue = hueOf(handle);
  return (
    <span
      aria-hidden
      className={classNames(
        "grid shrink-0 place-items-center rounded-full font-display font-bold uppercase select-none",
        sizes[size],
      )}
      style={{
        color: `light-dark(hsl(${hue} 60% 24%), hsl(${hue} 85% 84%))`,
        background: `light-dark(hsl(${hue} 65% 87%), hsl(${hue} 42% 24%))`,
      }}
    >
      {firstGrapheme(name) || firstGrapheme(handle)}
    </span>
  );
}
