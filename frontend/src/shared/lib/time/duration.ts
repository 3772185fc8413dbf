import type { TtlCode } from "@/shared/lib/config";

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

const ttlMilliseconds: Record<TtlCode, number> = {
  "30-days": 30 * day,
  "7-days": 7 * day,
  "3-days": 3 * day,
  "1-day": day,
  "12-hours": 12 * hour,
  "3-hours": 3 * hour,
  "1-hour": hour,
};

/** How long a lifetime lasts, in milliseconds. */
export function ttlDuration(ttl: TtlCode): number {
  return ttlMilliseconds[ttl];
}

interface Parts {
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

/** The whole units in `ms`. A second that has begun counts in full, so that all are zero only at the end. */
export function split(ms: number): Parts {
  const total = Math.max(0, Math.ceil(ms / second));
  return {
    days: Math.floor(total / 86_400),
    hours: Math.floor(total / 3_600) % 24,
    minutes: Math.floor(total / 60) % 60,
    seconds: total % 60,
  };
}
