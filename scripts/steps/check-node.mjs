// Imported before anything else, so it must run on a Node that is too old for the rest.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Timmy's Workshop needs Node 20.19 or newer, and this is ${process.versions.node}: see https://nodejs.org`,
  );
  process.exit(1);
}
