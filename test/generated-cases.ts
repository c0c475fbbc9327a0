import fc from "fast-check";

/**
 * The suite tries the same generated cases every time, so that a test that fails speaks of what was changed. New ones
 * are tried by `npm run laws`; a case that fails there names its seed.
 */
const usual = 20_261_129;

const given = process.env["PLUMBLINE_LAW_SEED"];
if (given !== "random") fc.configureGlobal({ seed: given === undefined ? usual : Number(given) });
