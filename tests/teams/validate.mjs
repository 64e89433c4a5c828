// Reads a manifest from standard input and prints the errors that Microsoft's published schema finds, as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const manifest = JSON.parse(readFileSync(0, "utf8"));
const { AppManifestUtils } = require("@microsoft/app-manifest");
const folder = join(dirname(require.resolve("@microsoft/app-manifest")), "json-schemas", "teams", `v${manifest.manifestVersion}`);
const schema = JSON.parse(readFileSync(join(folder, "MicrosoftTeams.schema.json"), "utf8"));
console.log(JSON.stringify(await AppManifestUtils.validateAgainstSchema(manifest, schema)));
