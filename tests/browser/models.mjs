// Runs the Khronos validator over the models given; any error fails.
import { readFileSync } from 'node:fs';
import validator from 'gltf-validator';

let errors = 0;
const files = process.argv.slice(2);
for (const file of files) {
  const { issues } = await validator.validateBytes(new Uint8Array(readFileSync(file)), { uri: file });
  errors += issues.numErrors;
  for (const issue of issues.messages.filter((message) => message.severity === 0)) console.error(`${file}${issue.pointer ?? ''}: ${issue.message}`);
}
console.log(`gltf-validator: ${files.length} models, ${errors} errors`);
process.exit(errors || !files.length ? 1 : 0);
