import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../../../..");
export const contractFile = join(root, "api/openapi.yaml");

/** The program under test: $CRUDDUR_BINARY, by default the one with sanitizers. */
export const binary = resolve(process.env.CRUDDUR_BINARY ?? join(root, "build/dev/cruddur"));

/** The library of backend/tests/support/io_fault. */
export const ioFaultLibrary = resolve(
  process.env.CRUDDUR_IO_FAULT_LIBRARY ??
    besideBinary() ??
    join(root, "build/dev/backend/libio_fault.so"),
);

function besideBinary(): string | undefined {
  const beside = join(dirname(binary), "backend/libio_fault.so");
  return existsSync(beside) ? beside : undefined;
}
