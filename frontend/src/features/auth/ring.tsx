const radius = 48;

/** A fuse in the shape of a ring: the line that is left, its glowing end, and a dotted line where it has burnt. `left` is from 0 to 1. */
export function Ring({ left }: { left: number }) {
  // It burns clockwise from the top.
  const angle = 2 * Math.PI * (1 - left) - Math.PI / 2;
  const [x, y] = [60 + radius * Math.cos(angle), 60 + radius * Math.sin(angle)];
  const long = left > 0.5 ? 1 : 0;
  return (
    <svg viewBox="0 0 120 120" className="size-28 overflow-visible" aria-hidden>
      <circle
        cx="60"
        cy="60"
        r={radius}
        fill="none"
        stroke="var(--edge)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray="0.1 8"
      />
      <path
        d={`M${x} ${y} A${radius} ${radius} 0 ${long} 1 60 ${60 - radius}`}
        fill="none"
        stroke="var(--life-calm)"
        strokeWidth="5"
        strokeLinecap="round"
      />
      <circle cx={x} cy={y} r="18" fill="var(--spark)" opacity="0.16" />
      <circle cx={x} cy={y} r="8" fill="var(--spark)" />
    </svg>
  );
}
