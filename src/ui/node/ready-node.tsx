import type { WatchedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import { satsText } from "~/ui/controls/amounts";
import { CopyButton } from "~/ui/controls/copy-button";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import { PrivateKey } from "./private-key";
import styles from "./ready-node.module.css";
import { stepParts } from "./step-parts";
import type { NodeOrder } from "./use-node";

const t = bootstrapTexts.ready;

/** The node is its owner's now: the ways to it, its key, and what to do next. */
export function ReadyNode({ node, view }: { node: NodeOrder; view: WatchedBootstrap }) {
  return (
    <div className={styles.ready}>
      <section className={styles.ways} aria-labelledby="ready-heading">
        <h2 id="ready-heading" tabIndex={-1} data-takes-focus>
          {t.heading}
        </h2>
        <p className={styles.dim}>{t.text}</p>
        <dl>
          <Way name={t.ip} value={view.nodeIp ?? null} />
          <Way name={t.tailscale} value={view.tailscaleHostname ?? null} />
          <Way name={t.lnbits} value={view.lnbitsUrl ?? null} />
        </dl>
      </section>
      <PrivateKey node={node} view={view} />
      <section className={styles.next} aria-labelledby="next-heading">
        <h2 id="next-heading">{t.stepsHeading}</h2>
        <ol>
          {(view.nextSteps ?? []).map((step) => (
            <NextStep key={step} step={step} />
          ))}
        </ol>
        <p className={styles.dim}>{view.terms}</p>
        <p className={styles.dim}>{t.fee(satsText(view.invoice.amountSats))}</p>
      </section>
    </div>
  );
}

function Way({ name, value }: { name: string; value: string | null }) {
  return (
    <div className={styles.way}>
      <dt>{name}</dt>
      {value === null ? (
        <dd className={styles.dim}>{t.noTailscale}</dd>
      ) : (
        <>
          <dd className={styles.value}>{value}</dd>
          <dd className={styles.copy}>
            <Copy what={name} text={value} />
          </dd>
        </>
      )}
    </div>
  );
}

function NextStep({ step }: { step: string }) {
  const { words, command } = stepParts(step);
  return (
    <li>
      <p>{words}</p>
      {command && (
        <div className={styles.command}>
          <code>{command}</code>
          <Copy what={command} text={command} />
        </div>
      )}
    </li>
  );
}

/** Many of them stand on one page: what each copies is for screen readers. */
const Copy = ({ what, text }: { what: string; text: string }) => (
  <CopyButton look="quiet" text={() => text}>
    <span aria-hidden="true">{t.copyShort}</span>
    <span className="for-screen-readers">{t.copy(what)}</span>
  </CopyButton>
);
