/** A date as the visitor's clock and country have it; the time zone on hover. Only for what renders in the browser. */
export function LocalTime({ iso }: { iso: string }) {
  const date = new Date(iso);
  return (
    <time dateTime={iso} title={localTimeText(date, "long")}>
      {localTimeText(date)}
    </time>
  );
}

export function localTimeText(date: Date, zone?: "long"): string {
  return new Intl.DateTimeFormat(undefined, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    ...(zone && { second: "2-digit", timeZoneName: zone }),
  }).format(date);
}
