// Draws docs/images/scale.svg from the results stored in docs/measurements.
//   npm run bench:plot
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { plotScale } from "./plot/scale.ts";

const image = fileURLToPath(new URL("../docs/images/scale.svg", import.meta.url));
writeFileSync(image, plotScale());
console.log("docs/images/scale.svg");
