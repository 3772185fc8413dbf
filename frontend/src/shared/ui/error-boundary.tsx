import { Component, type ReactNode } from "react";
import { strings } from "@/shared/lib/i18n";
import { Button } from "./button";
import { EmptyState } from "./empty-state";

interface State {
  broken: boolean;
}

/**
 * Keeps a fault in one pane from taking the page down. Give it a `key` that changes with the page. The way out is a reload,
 * which also fetches what a new version of the client has replaced; drafts survive it.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { broken: false };

  static getDerivedStateFromError(): State {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <EmptyState title={strings.problem.paneTitle} body={strings.problem.paneBody}>
        <Button onClick={() => window.location.reload()}>{strings.problem.retry}</Button>
      </EmptyState>
    );
  }
}
