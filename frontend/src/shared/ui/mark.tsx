/** The sign: a ring that has burnt down by a quarter, with its spark. */
export function Mark({ size = 30 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden>
      <path
        d="M27 16 A11 11 0 1 1 16 5"
        fill="none"
        stroke="var(--life-calm)"
        strokeWidth="4"
        strokeLinecap="round"
      />
      <path
        d="M20.5 6 A11 11 0 0 1 26 11.5"
        fill="none"
        stroke="var(--edge)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray="0.1 5"
      />
      <circle cx="27" cy="16" r="4" fill="var(--spark)" />
    </svg>
  );
}
