import { locale, strings } from "@/shared/lib/i18n";
import { day, hour, minute, second, split } from "./duration";

const two = (value: number) => String(value).padStart(2, "0");

/** Time left in two units at most: "29d", "1d 4h", "3h 12m", "42:10", "0:09". */
export function shortLeft(ms: number): string {
  const { days, hours, minutes, seconds } = split(ms);
  const unit = strings.life.short;
  if (days >= 7 || (days > 0 && hours === 0)) return unit.days(days);
  if (days > 0) return `${unit.days(days)} ${unit.hours(hours)}`;
  if (hours > 0) return `${unit.hours(hours)} ${unit.minutes(two(minutes))}`;
  return `${minutes}:${two(seconds)}`;
}

/** Time left in words, for screen readers. Above one minute it is in whole minutes, so that the text does not change every second. */
export function spokenLeft(ms: number): string {
  if (ms <= 0) return strings.life.over;
  const { days, hours, minutes } = split(ms);
  const unit = strings.life.long;
  if (days >= 2) return strings.life.left(unit.days(days));
  if (days > 0) return strings.life.left(`${unit.days(days)} ${unit.hours(hours)}`);
  if (hours > 0) return strings.life.left(`${unit.hours(hours)} ${unit.minutes(minutes)}`);
  if (minutes > 0) return strings.life.left(unit.minutes(minutes));
  return strings.life.lessThanAMinute;
}

/** How long to wait, in words: "40 seconds", "5 minutes", "2 hours 10 minutes". Rounded up. */
export function waitingTime(ms: number): string {
  const unit = strings.life.long;
  if (ms <= 59 * second) return unit.seconds(split(ms).seconds);
  const minutes = Math.ceil(ms / minute);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return unit.minutes(minutes);
  const rest = minutes % 60;
  return rest === 0 ? unit.hours(hours) : `${unit.hours(hours)} ${unit.minutes(rest)}`;
}

function formattersOf(tag: string) {
  return {
    clock: new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    weekday: new Intl.DateTimeFormat(tag, { weekday: "short" }),
    dayAndMonth: new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" }),
    full: new Intl.DateTimeFormat(tag, { dateStyle: "full", timeStyle: "short" }),
    monthAndYear: new Intl.DateTimeFormat(tag, { month: "long", year: "numeric" }),
    count: new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 }),
  };
}

let formatters = formattersOf(locale);
let madeFor = locale;

// Making a formatter costs far more than using it.
function inLocale() {
  if (madeFor !== locale) {
    formatters = formattersOf(locale);
    madeFor = locale;
  }
  return formatters;
}

/** A moment to come, as short as can be without doubt: "14:05", "Tue 14:05", "24 Dec 14:05". */
export function moment(instant: number, now: number): string {
  const { clock, weekday, dayAndMonth } = inLocale();
  const time = clock.format(instant);
  if (new Date(instant).toDateString() === new Date(now).toDateString()) return time;
  const date = instant - now < 6 * day ? weekday.format(instant) : dayAndMonth.format(instant);
  return `${date} ${time}`;
}

/** How long ago, in one unit: "now", "5m", "3h", "12d". */
export function ago(instant: number, now: number): string {
  const age = now - instant;
  if (age < minute) return strings.life.now;
  const unit = strings.life.short;
  if (age < hour) return unit.minutes(Math.floor(age / minute));
  if (age < day) return unit.hours(Math.floor(age / hour));
  return unit.days(Math.floor(age / day));
}

export const fullDate = (instant: number): string => inLocale().full.format(instant);
export const month = (instant: number): string => inLocale().monthAndYear.format(instant);

/** A number of things, short: "7", "1.2K". */
export const compactCount = (n: number): string => inLocale().count.format(n);
