import { locale, strings } from "@/shared/lib/i18n";
import { day, hour, minute, split } from "./duration";

const two = (value: number) => String(value).padStart(2, "0");

/** Time left in two units at most: "29d", "1d 4h", "3h 12m", "42:10", "0:09". */
export function shortLeft(ms: number): string {
  const { days, hours, minutes, seconds } = split(ms);
  if (days >= 7) return `${days}d`;
  if (days > 0) return hours > 0 ? `${days}d ${hours}h` : `${days}d`;
  if (hours > 0) return `${hours}h ${two(minutes)}m`;
  return `${minutes}:${two(seconds)}`;
}

/** Time left in words, for screen readers; in whole minutes above one minute, so that it is not a new text every second. */
export function spokenLeft(ms: number): string {
  if (ms <= 0) return strings.life.over;
  const { days, hours, minutes } = split(ms);
  const unit = strings.life.units;
  if (days >= 2) return strings.life.left(unit.days(days));
  if (days > 0) return strings.life.left(`${unit.days(days)} ${unit.hours(hours)}`);
  if (hours > 0) return strings.life.left(`${unit.hours(hours)} ${unit.minutes(minutes)}`);
  if (minutes > 0) return strings.life.left(unit.minutes(minutes));
  return strings.life.lessThanAMinute;
}

const clock = new Intl.DateTimeFormat(locale, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const weekday = new Intl.DateTimeFormat(locale, { weekday: "short" });
const dayAndMonth = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });
const monthAndYear = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" });

/** A coming moment, as short as it stays unambiguous: "14:05", "Tue 14:05", "24 Dec 14:05". */
export function moment(at: number, now: number): string {
  const time = clock.format(at);
  if (new Date(at).toDateString() === new Date(now).toDateString()) return time;
  const date = at - now < 6 * day ? weekday.format(at) : dayAndMonth.format(at);
  return `${date} ${time}`;
}

/** How long ago, in one unit: "now", "5m", "3h", "12d". */
export function ago(at: number, now: number): string {
  const age = now - at;
  if (age < minute) return strings.life.now;
  if (age < hour) return `${Math.floor(age / minute)}m`;
  if (age < day) return `${Math.floor(age / hour)}h`;
  return `${Math.floor(age / day)}d`;
}

export const fullDate = (at: number): string => full.format(at);
export const month = (at: number): string => monthAndYear.format(at);
