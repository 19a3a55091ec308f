import { Component, type ReactNode } from "react";

type Props = { children: ReactNode; onFailure: () => void };

/** The room is an ornament: whatever fails in it takes the room away, and nothing else. */
export class SceneBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidCatch() {
    this.props.onFailure();
  }

  override render() {
    return this.state.failed ? null : this.props.children;
  }
}
