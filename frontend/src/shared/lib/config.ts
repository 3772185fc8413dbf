import type { components } from "@/generated/api";

export type ClientConfig = components["schemas"]["ClientConfig"];
export type TtlCode = components["schemas"]["TtlCode"];

let loaded: ClientConfig | undefined;

/** Reads /config.json, the only source of run-time settings. Rejects when it can't be loaded. */
export async function loadConfig(): Promise<ClientConfig> {
  const response = await fetch("/config.json");
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`);
  loaded = (await response.json()) as ClientConfig;
  return loaded;
}

/** The settings. Call it only after `loadConfig` has resolved. */
export function config(): ClientConfig {
  if (!loaded) throw new Error("the configuration has not been loaded");
  return loaded;
}

export function setConfig(settings: ClientConfig): void {
  loaded = settings;
}
