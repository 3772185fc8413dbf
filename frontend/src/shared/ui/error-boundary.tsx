import { Component, type ReactNode } from "react";
import { strings } from "@/shared/lib/i18n";
import { Button } from "./button";
import { EmptyState } from "./empty-state";

interface ErrorBoundaryProps {
  children: ReactNode;
  /** For a pane that the page can do without: shows one line in its place. */
  quiet?: boolean;
}

interface State {
  broken: boolean;
}

/**
 * Keeps an error in one pane from taking the whole page down. Give it a `key` that changes with the page, so that another page
 * starts without the error. It offers a reload, which also helps when a new version has replaced the files that are missing.
 * Drafts survive it.
 */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { broken: false };

  static getDerivedStateFromError(): State {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    if (this.props.quiet) return <p className="p-4 text-soft">{strings.problem.paneTitle}</p>;
    return (
      <EmptyState title={strings.problem.paneTitle} body={strings.problem.paneBody}>
        <Button onClick={() => window.location.reload()}>{strings.problem.retry}</Button>
      </EmptyState>
    );
  }
}
