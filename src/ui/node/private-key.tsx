"use client";

import { useId, useRef } from "react";
import type { WatchedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import { Button } from "~/ui/controls/button";
import { ConfirmDialog } from "~/ui/controls/confirm-dialog";
import { CopyButton } from "~/ui/controls/copy-button";
import { Icon } from "~/ui/controls/icon";
import { Notice } from "~/ui/controls/notice";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import styles from "./private-key.module.css";
import type { NodeOrder } from "./use-node";
import { usePrivateKey } from "./use-private-key";

const t = bootstrapTexts.key;

/** The key to the machine: there to be taken, in hand, or given out before. Nothing but a yes to the question takes it. */
export function PrivateKey({ node, view }: { node: NodeOrder; view: WatchedBootstrap }) {
  const key = usePrivateKey(node);
  return (
    <section className={styles.key} aria-labelledby="key-heading">
      <h2 id="key-heading" tabIndex={-1}>
        {t.heading}
      </h2>
      {key.pem !== null ? (
        <KeyInHand pem={key.pem} onSaved={key.forget} />
      ) : view.sshKeyWaiting ? (
        <TakeKey taking={key.taking} onTake={key.take} />
      ) : (
        <p>{view.sshKeyNote}</p>
      )}
      {key.trouble && <Notice look="rue">{key.trouble === "late" ? t.late : t.failed}</Notice>}
    </section>
  );
}

function TakeKey({ taking, onTake }: { taking: boolean; onTake: () => Promise<void> }) {
  const question = useRef<HTMLDialogElement>(null);
  return (
    <>
      <p>{t.waiting}</p>
      <Button look="primary" busy={taking} onClick={() => question.current?.showModal()}>
        {taking ? t.taking : t.take}
      </Button>
      <ConfirmDialog
        dialog={question}
        heading={t.askHeading}
        yes={t.yes}
        no={t.no}
        busy={taking}
        onYes={() => void onTake().finally(() => question.current?.close())}
      >
        <p>{t.ask}</p>
      </ConfirmDialog>
    </>
  );
}

function KeyInHand({ pem, onSaved }: { pem: string; onSaved: () => void }) {
  const field = useId();
  return (
    <>
      <Notice look="rue">{t.shown}</Notice>
      <div className={styles.ways}>
        <Button look="primary" onClick={() => download(pem)} autoFocus>
          <Icon name="download" />
          {t.download}
        </Button>
        <CopyButton text={() => pem}>{t.copy}</CopyButton>
      </div>
      <p className={styles.dim}>{t.chmod}</p>
      <label htmlFor={field} className={styles.dim}>
        {t.label}
      </label>
      <textarea id={field} className={styles.pem} readOnly rows={8} wrap="off" spellCheck={false} value={pem} />
      <p className={styles.dim}>{t.saved}</p>
      <Button look="quiet" onClick={onSaved}>
        {t.hide}
      </Button>
    </>
  );
}

/** Under the name that the next steps speak of. */
function download(pem: string): void {
  const url = URL.createObjectURL(new Blob([pem], { type: "application/x-pem-file" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "node-key";
  link.click();
  URL.revokeObjectURL(url);
}
