/** Drawn on a grid of 24, in strokes: the set is small, so it lives here and nothing is fetched. */
const PATHS = {
  tick: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M6 6l12 12M18 6L6 18",
  hourglass: "M7 3h10M7 21h10M8 3c0 5 8 5.5 8 9s-8 4-8 9M16 3c0 5-8 5.5-8 9s8 4 8 9",
  hand: "M4 12h13M12 6l6 6-6 6",
  scales: "M12 4v16M7 20h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z",
  coin: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM13.5 6.5L9 13h5l-1.5 4.5",
  hammer: "M4 20l9-9M11 5l8 8 2-2-3-3-2 1-4-4z",
  quill: "M4 20c4-1 6-3 9-7M20 4c-7 0-12 5-11 11 6 1 11-4 11-11z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  wallet: "M4 7h15a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 7l11-3v3M16 13h1",
  play: "M8 5l11 7-11 7z",
  warning: "M12 4l9.5 16h-19zM12 10v4.5M12 17.2v.3",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1.500 1.500M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1.500-1.500",
} as const;
export type IconName = keyof typeof PATHS;

/** Always beside words that say the same: it is hidden from screen readers. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flex: "none" }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
