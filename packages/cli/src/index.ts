export { createProgram } from "./program.ts";
export { exitCodeOf, exitCodes } from "./exit-codes.ts";
