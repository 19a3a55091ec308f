import { ExportKept } from "~/ui/export/export-kept";
import offerStyles from "~/ui/site/offer.module.css";
import { SitePage } from "~/ui/site/site-page";
import { sessionTexts } from "~/ui/texts/sessions";
import { OpenSession } from "./open-session";
import styles from "./sessions-page.module.css";
import { YourSessions } from "./your-sessions";

const t = sessionTexts;

export function SessionsPage() {
  return (
    <SitePage>
      <div className={offerStyles.columns}>
        <div className={offerStyles.about}>
          <h1>{t.heading}</h1>
          <p className={offerStyles.lead}>{t.lead}</p>
          <ol className={styles.how}>
            {t.how.map(({ title, text }) => (
              <li key={title}>
                <h2>{title}</h2>
                <p>{text}</p>
              </li>
            ))}
          </ol>
        </div>
        <OpenSession />
      </div>
      <YourSessions />
      <ExportKept />
    </SitePage>
  );
}
