"use client";

import { useRef, useState } from "react";
import { type NodeStatus, RetriedTask } from "~/modules/operator/operator-schema";
import { Button } from "~/ui/controls/button";
import { ConfirmDialog } from "~/ui/controls/confirm-dialog";
import { Notice } from "~/ui/controls/notice";
import { adminTexts } from "~/ui/texts/admin";
import styles from "./admin.module.css";
import { Part, When } from "./facts";
import { reasonFault } from "./fields";
import { operatorWords } from "./operator-words";
import { TextField } from "./text-field";
import { useAct } from "./use-act";

const t = adminTexts.tasks;
type Task = NodeStatus["queue"]["failing"][number];

export function FailingTasks({ token, tasks }: { token: string; tasks: readonly Task[] }) {
  const question = useRef<HTMLDialogElement>(null);
  const [asked, setAsked] = useState<Task | null>(null);
  const [reason, setReason] = useState("");
  const [sent, setSent] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const { go, busy, problem } = useAct(token, RetriedTask, ({ task }) => setDone(t.done(task)));
  const fault = reasonFault(reason);

  const ask = (task: Task) => {
    setDone(null);
    setAsked(task);
    setReason("");
    setSent(false);
    question.current?.showModal();
  };
  const retry = async () => {
    setSent(true);
    if (!asked || fault !== null) return;
    await go(`/tasks/${asked.taskId}/retry`, { reason: reason.trim() });
    question.current?.close();
  };
  return (
    <Part id="tasks" heading={t.heading}>
      {problem && <Notice look="rue">{operatorWords(problem)}</Notice>}
      <p role="status" className={styles.done}>
        {done}
      </p>
      {tasks.length === 0 && <p>{t.none}</p>}
      <ul className={styles.list}>
        {tasks.map((task) => (
          <li key={task.taskId}>
            <div>
              <p>
                <b>{t.line(task.task, task.attempts)}</b> <span className="amount">{task.taskId}</span>
              </p>
              <p className={styles.hint}>{task.lastError}</p>
              <p className={styles.hint}>
                {task.running ? (
                  t.running
                ) : task.givenUp ? (
                  t.givenUp
                ) : (
                  <>
                    {t.next}: <When iso={task.nextTryAt} />
                  </>
                )}
              </p>
            </div>
            {!task.running && (
              <Button aria-label={`${t.retry}: ${task.task} ${task.taskId}`} onClick={() => ask(task)}>
                {t.retry}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        dialog={question}
        heading={t.confirm(asked?.task ?? "")}
        yes={t.yes}
        no={adminTexts.back}
        busy={busy}
        onYes={() => void retry()}
      >
        <p>{t.confirmText}</p>
        <TextField label={adminTexts.reason.label} value={reason} onChange={setReason} fault={sent ? fault : null} />
      </ConfirmDialog>
    </Part>
  );
}
