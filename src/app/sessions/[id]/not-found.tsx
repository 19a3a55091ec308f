import { LostPage } from "~/ui/controls/lost-page";
import { texts } from "~/ui/texts";

export default function NotFound() {
  return <LostPage {...texts.lost.session} />;
}
