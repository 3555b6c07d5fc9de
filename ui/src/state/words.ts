// Dates and times in words, the UK way.

/** The day of a moment where the officer is, as 2026-11-30. It is built from its parts: what a locale writes differs by machine. */
export function dayOf(at: Date): string {
  const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return parts.map((part, place) => String(part).padStart(place === 0 ? 4 : 2, "0")).join("-");
}

/** "2025-07-04" as "04/07/2025". */
export function writeDate(date: string): string {
  const [year, month, day] = date.split("-");
  return `${day}/${month}/${year}`;
}

/** "2025-07-04" as "4 July 2025". */
export function sayDate(date: string): string {
  return new Date(`${date}T12:00:00`).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** An instant as "14:32" of this machine's clock. */
export function sayTime(at: Date): string {
  return at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** An instant as the time today, else as the day. */
export function sayWhen(at: Date, now: Date): string {
  return at.toDateString() === now.toDateString()
    ? sayTime(at)
    : at.toLocaleDateString("en-GB", { day: "2-digit", month: "2-digit", year: "numeric" });
}

/** "2026-11-22T14:32:05Z" as "22 November 2026, 14:32" of this machine's clock. */
export function sayMoment(instant: string): string {
  const at = new Date(instant);
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  return `${day}, ${sayTime(at)}`;
}

/** 1280 as "1.3 MB". */
export function saySize(kilobytes: number): string {
  return kilobytes < 1000 ? `${kilobytes} kB` : `${(kilobytes / 1000).toFixed(1)} MB`;
}

/** "7 months ago", "in 16 days": beside a date, never instead of it. Null where it is further than a month ahead. */
export function sayDistance(date: string, now: Date): string | null {
  const days = Math.round((new Date(`${date}T12:00:00`).getTime() - now.getTime()) / 86_400_000);
  if (days > 31) return null;
  const format = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
  return Math.abs(days) < 45 ? format.format(days, "day") : format.format(Math.round(days / 30.44), "month");
}

/** "1 recipient", "3 recipients". */
export function countOf(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** An address without its scheme, shortened in its middle; shown whole on focus. */
export function shortenAddress(address: string, length = 44): string {
  const bare = address.replace(/^(https?:\/\/(www\.)?|mailto:)/i, "").replace(/\/$/, "");
  if (bare.length <= length) return bare;
  const [host = "", ...path] = bare.split("/");
  const tail = path.join("/");
  const room = Math.max(8, length - host.length - 3);
  return `${host}/…${tail.slice(-room)}`;
}
