import encodeQR from "qr";
import styles from "./qr-code.module.css";

const QUIET_ZONE = 4;

/** A QR code on parchment, level M, with the quiet zone of ISO/IEC 18004. Upper case keeps it in alphanumeric mode. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = encodeQR(text.toUpperCase(), "raw", { ecc: "medium", border: QUIET_ZONE });
  return (
    <svg
      className={styles.qr}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#f3e9d2" />
      <path d={rows.map(darkRuns).join("")} fill="#0e1126" />
    </svg>
  );
}

/** The dark stretches of a row as strokes of one path: far fewer nodes than one for each module. */
function darkRuns(row: readonly boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const from = x;
    while (row[x + 1]) x += 1;
    path += `M${from} ${y}h${x - from + 1}v1H${from}z`;
  }
  return path;
}
