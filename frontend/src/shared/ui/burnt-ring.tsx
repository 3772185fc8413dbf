/** A fuse that has run its whole round: dotted ash with the last of a glow. */
export function BurntRing() {
  return (
    <svg viewBox="0 0 120 120" className="size-28" aria-hidden>
      <circle
        cx="60"
        cy="60"
        r="46"
        fill="none"
        stroke="var(--edge)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray="0.1 9"
      />
      <path
        d="M60 14 A46 46 0 0 1 72 15.6"
        fill="none"
        stroke="var(--life-last)"
        strokeWidth="4"
        strokeLinecap="round"
      />
      <circle
        cx="74"
        cy="16.2"
        r="6"
        fill="var(--canvas)"
        stroke="var(--life-last)"
        strokeWidth="3"
      />
    </svg>
  );
}
