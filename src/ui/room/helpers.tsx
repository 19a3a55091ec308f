import type { WorldState } from "~/ui/scene/scene-state";
import { texts } from "~/ui/texts";

const t = texts.room.helpers;
const HELPERS = ["alpha", "beta", "gamma", "delta"] as const;

/** Who is at work, in words, for whoever does not see the figures move. */
export function Helpers({ agents }: { agents: WorldState["agents"] }) {
  return (
    <ul className="for-screen-readers" aria-label={t.label}>
      {HELPERS.map((id) => (
        <li key={id} data-agent={id} data-state={agents[id]}>
          {t.names[id]}: {agents[id] === "working" ? t.doing[id] : t.idle}
        </li>
      ))}
    </ul>
  );
}
