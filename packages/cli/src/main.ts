#!/usr/bin/env node
import { createProgram } from "./program.ts";
import { sayError } from "./say-error.ts";

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = await sayError(error);
}
