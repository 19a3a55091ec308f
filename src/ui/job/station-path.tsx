import type { JobView } from "~/modules/jobs/job-schema";
import type { IconName } from "~/ui/controls/icon";
import { StationList } from "~/ui/controls/station-list";
import { texts } from "~/ui/texts";
import { type Station, stationsOf } from "./stations";

const t = texts.job;
const ICONS: Record<Station, IconName> = {
  asked: "quill",
  judged: "scales",
  paid: "coin",
  work: "hammer",
  done: "tick",
};

export function StationPath({ job }: { job: JobView }) {
  const stations = stationsOf(job).map(({ station, mark }) => ({
    name: t.stations[station],
    icon: ICONS[station],
    mark,
  }));
  return <StationList label={t.stationsLabel} stations={stations} />;
}
