import { Hearth, Shelf, Table, Wall, Window } from "./room";
import { Timmy } from "./timmy";
import styles from "./workshop-picture.module.css";

/** Rising sparks: the place of each, and how many seconds ago it rose. */
const SPARKS = [
  [70, 780, 0],
  [110, 760, 3.5],
  [150, 800, 6],
  [40, 740, 1.75],
  [190, 790, 8],
  [95, 810, 5],
] as const;

/** The workshop at night, drawn. It stands where the room in three dimensions will be, and where that cannot be. */
export function WorkshopPicture({ label, className }: { label?: string; className: string }) {
  return (
    <div className={`${styles.picture} ${className}`} aria-hidden={label === undefined}>
      <svg viewBox="50 0 1440 900" preserveAspectRatio="xMidYMid slice" role="img" aria-label={label}>
        <Wall />
        <Window />
        <Shelf />
        <Hearth />
        <Timmy />
        <Table />
        <g fill="#ffb357">
          {SPARKS.map(([x, y, ago]) => (
            <circle
              key={`${x} ${y}`}
              className={styles.spark}
              cx={x}
              cy={y}
              r="2.5"
              style={{ animationDelay: `-${ago}s` }}
            />
          ))}
        </g>
      </svg>
    </div>
  );
}
