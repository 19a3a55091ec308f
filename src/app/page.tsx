import { StartPage } from "~/ui/start/start-page";

export default function Page() {
  return <StartPage />;
}
