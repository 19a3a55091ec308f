"use client";

import { useState } from "react";
import { Button } from "~/ui/controls/button";
import { useKnownNodes } from "~/ui/known-nodes/use-known-nodes";
import { texts } from "~/ui/texts";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import styles from "./bootstrap-page.module.css";
import { NodeRow } from "./node-row";

const t = bootstrapTexts.list;
/** Each row asks the server for its state. */
const ROWS_AT_ONCE = 8;

export function YourNodes() {
  const nodes = useKnownNodes();
  const [rows, setRows] = useState(ROWS_AT_ONCE);
  const hidden = nodes.length - rows;
  return (
    <section className={styles.list} aria-labelledby="your-nodes">
      <h2 id="your-nodes">{t.heading}</h2>
      {nodes.length === 0 ? (
        <p className={styles.empty}>{t.empty}</p>
      ) : (
        <ul>
          {nodes.slice(0, rows).map((node) => (
            <NodeRow key={node.bootstrapJobId} node={node} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Button look="quiet" onClick={() => setRows(rows + ROWS_AT_ONCE)}>
          {texts.start.jobsMore(Math.min(hidden, ROWS_AT_ONCE))}
        </Button>
      )}
    </section>
  );
}
