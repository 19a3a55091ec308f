import { Icon } from "~/ui/controls/icon";
import offerStyles from "~/ui/site/offer.module.css";
import { SitePage } from "~/ui/site/site-page";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import styles from "./bootstrap-page.module.css";
import { OrderNode } from "./order-node";
import { YourNodes } from "./your-nodes";

const t = bootstrapTexts;

export function BootstrapPage() {
  return (
    <SitePage>
      <div className={offerStyles.columns}>
        <div className={offerStyles.about}>
          <h1>{t.heading}</h1>
          <p className={offerStyles.lead}>{t.lead}</p>
          <h2 className={styles.section}>{t.getsHeading}</h2>
          <ul className={styles.gets}>
            {t.gets.map(({ title, text }) => (
              <li key={title}>
                <h3>{title}</h3>
                <p>{text}</p>
              </li>
            ))}
          </ul>
          <h2 className={styles.section}>{t.knowHeading}</h2>
          <ul className={styles.know}>
            {t.know.map((text) => (
              <li key={text}>
                <Icon name="hand" />
                <p>{text}</p>
              </li>
            ))}
          </ul>
        </div>
        <OrderNode />
      </div>
      <YourNodes />
    </SitePage>
  );
}
