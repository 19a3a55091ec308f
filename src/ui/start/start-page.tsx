import Link from "next/link";
import { SceneGate } from "~/ui/scene/scene-gate";
import { RESTING_WORLD } from "~/ui/scene/scene-state";
import { texts } from "~/ui/texts";
import { WorkshopPicture } from "~/ui/workshop/workshop-picture";
import { HowItWorks } from "./how-it-works";
import { RequestForm } from "./request-form";
import styles from "./start-page.module.css";
import { YourJobs } from "./your-jobs";

const t = texts.start;

export function StartPage() {
  return (
    <>
      <a href="#ask" className={styles.skip}>
        {texts.site.skip}
      </a>
      <main>
        <div className={styles.room}>
          <SceneGate
            world={RESTING_WORLD}
            label={t.picture}
            fallback={<WorkshopPicture className={styles.drawn ?? ""} />}
            className={styles.picture ?? ""}
          />
          <header className={styles.title}>
            <h1>{texts.site.name}</h1>
            <p>{t.lead}</p>
          </header>
          <section id="ask" tabIndex={-1} className={styles.panel} aria-label={t.heading}>
            <RequestForm />
          </section>
        </div>
        <div className={styles.floor}>
          <HowItWorks />
          <YourJobs />
        </div>
      </main>
      <footer className={styles.footer}>
        <Link href="/docs">{texts.docs.link}</Link>
      </footer>
    </>
  );
}
