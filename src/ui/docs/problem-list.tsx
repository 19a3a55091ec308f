import { docsTexts } from "~/ui/texts/docs";
import type { ProblemType } from "./openapi-document";
import styles from "./problem-list.module.css";

const t = docsTexts;

/** What each code means: the `type` of a problem document points here. */
export function ProblemList({ problems, target }: { problems: readonly ProblemType[]; target: string | null }) {
  return (
    <section aria-labelledby="problems" className={styles.problems}>
      <h2 id="problems" tabIndex={-1}>
        {t.problemsHeading}
      </h2>
      <p>{t.problemsLead}</p>
      {problems.map(({ code, status, title, detail }) => (
        <article key={code} id={code} tabIndex={-1} className={styles.problem} data-asked={target === code}>
          <h3>
            <a href={`#${code}`}>
              <code>{code}</code>
            </a>{" "}
            <span className="amount">{status}</span>
          </h3>
          <p>
            <strong>{title}.</strong> {detail}
          </p>
        </article>
      ))}
    </section>
  );
}
