import type { PoolReport } from "~/modules/pool/pool-schema";
import { satsText, wholeNumber } from "~/ui/controls/amounts";
import { poolTexts } from "~/ui/texts/pool";
import { barsOf, HEIGHT, lineOf, scaleOf, WIDTH } from "./chart-shape";
import styles from "./pool-chart.module.css";

const t = poolTexts.chart;
type Days = PoolReport["days"];
const dayFormat = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
const dayText = (day: string): string => dayFormat.format(new Date(`${day}T00:00:00Z`));
const sum = (days: Days, of: (day: Days[number]) => number): number => days.reduce((so, day) => so + of(day), 0);

/** Balance and flows, drawn for the eye, in a sentence for the ear, and as a table for whoever wants the figures. */
export function PoolChart({ days }: { days: Days }) {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const summary = t.summary(
    dayText(first.day),
    dayText(last.day),
    satsText(sum(days, (day) => day.creditedSats)),
    satsText(sum(days, (day) => day.committedSats)),
    satsText(sum(days, (day) => day.grantedSats)),
  );
  return (
    <figure className={styles.chart}>
      <Balance days={days} />
      <Flows days={days} />
      <p className={styles.axis} aria-hidden="true">
        <span>{dayText(first.day)}</span>
        <span>{dayText(last.day)}</span>
      </p>
      <ul className={styles.legend} aria-hidden="true">
        <li data-flow="credited">{t.legendIn}</li>
        <li data-flow="committed">{t.legendCommitted}</li>
        <li data-flow="granted">{t.legendOut}</li>
      </ul>
      <figcaption>{summary}</figcaption>
      <FlowTable days={days} />
    </figure>
  );
}

function Balance({ days }: { days: Days }) {
  const values = days.map(({ balanceSats }) => balanceSats);
  const { least, most } = scaleOf(values);
  const { line, area } = lineOf(values);
  return (
    <div className={styles.panel}>
      <p className={styles.name}>{t.balance}</p>
      <p className={styles.scale} aria-hidden="true">
        <span>{wholeNumber(most)}</span>
        {least !== most && <span>{wholeNumber(least)}</span>}
      </p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" className={styles.balance}>
        <path d={area} className={styles.area} />
        <path d={line} className={styles.line} vectorEffect="non-scaling-stroke" />
      </svg>
    </div>
  );
}

function Flows({ days }: { days: Days }) {
  const most = Math.max(1, ...days.map((day) => Math.max(day.creditedSats + day.committedSats, day.grantedSats)));
  return (
    <div className={styles.panel}>
      <p className={styles.name}>{t.flows}</p>
      <p className={styles.scale} aria-hidden="true">
        <span>+{wholeNumber(most)}</span>
        <span>−{wholeNumber(most)}</span>
      </p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" className={styles.flows}>
        <path d={`M0 ${HEIGHT / 2}H${WIDTH}`} className={styles.zero} vectorEffect="non-scaling-stroke" />
        {days.map(({ day, creditedSats, committedSats, grantedSats }, at) => {
          const amounts = { above: [creditedSats, committedSats], below: grantedSats };
          const { above, below } = barsOf(at, days.length, most, amounts);
          return (
            <g key={day}>
              <title>
                {t.dayTitle(dayText(day), satsText(creditedSats), satsText(committedSats), satsText(grantedSats))}
              </title>
              <rect {...above[0]} data-flow="credited" />
              <rect {...above[1]} data-flow="committed" />
              <rect {...below} data-flow="granted" />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function FlowTable({ days }: { days: Days }) {
  const { columns } = t;
  return (
    <details className={styles.table}>
      <summary>{t.table}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={t.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">{columns.day}</th>
              <th scope="col">{columns.credited}</th>
              <th scope="col">{columns.committed}</th>
              <th scope="col">{columns.granted}</th>
              <th scope="col">{columns.balance}</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map((day) => (
              <tr key={day.day}>
                <th scope="row">{day.day}</th>
                <td>{wholeNumber(day.creditedSats)}</td>
                <td>{wholeNumber(day.committedSats)}</td>
                <td>{wholeNumber(day.grantedSats)}</td>
                <td>{wholeNumber(day.balanceSats)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
